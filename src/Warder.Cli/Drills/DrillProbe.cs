using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Cli.Drills;

/// <summary>
/// Asks one verifier about one key, again and again, through the key's end, and remembers what tells most. Times are microseconds of this
/// machine's monotonic clock.
/// </summary>
internal sealed class DrillProbe(DrillVerifier verifier, SecretString value, TimeSpan minTimeAfterReturn)
{
    // However long each answer takes.
    private const int MinAnswersAfterReturn = 25;

    private readonly TaskCompletionSource firstAllowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long returnedMicroseconds = long.MaxValue;

    public DrillVerifier Verifier => verifier;

    /// <summary>How often it was asked.</summary>
    public int Validations { get; private set; }

    /// <summary>How often it was asked after the end was known here, and said something.</summary>
    public int AnswersAfterReturn { get; private set; }

    /// <summary>How often it said nothing.</summary>
    public int Unanswered { get; private set; }

    /// <summary>When the last question was asked that was answered by letting the key in; zero when none was.</summary>
    public long LastAllowedMicroseconds { get; private set; }

    /// <summary>Ends once it has let the key in.</summary>
    public Task FirstAllowed => firstAllowed.Task;

    /// <summary>The call that ended the key has returned.</summary>
    public void RecordReturn(long microseconds) => Volatile.Write(ref returnedMicroseconds, microseconds);

    /// <summary>Asks, until it was asked often enough, and for long enough, after the end.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            while (AnswersAfterReturn < MinAnswersAfterReturn || Clock.MonotonicMicroseconds() - Volatile.Read(ref returnedMicroseconds) < minTimeAfterReturn.TotalMicroseconds)
            {
                await ValidateOnce(cancellation);
                // What is answered from this process's memory is answered at once: others shall get their turn.
                await Task.Yield();
            }
        }
        catch (Exception e)
        {
            firstAllowed.TrySetException(e);
            throw;
        }
    }

    private async Task ValidateOnce(CancellationToken cancellation)
    {
        var startedAt = Clock.MonotonicMicroseconds();
        var isAfterReturn = startedAt > Volatile.Read(ref returnedMicroseconds);
        var answer = await verifier.Validate(value, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Validations++;
        if (answer == DrillAnswer.Unavailable)
        {
            Unanswered++;
            return;
        }

        if (isAfterReturn)
            AnswersAfterReturn++;
        if (answer != DrillAnswer.Allowed)
            return;
        LastAllowedMicroseconds = startedAt;
        firstAllowed.TrySetResult();
    }
}
