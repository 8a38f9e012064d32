using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Cli.Drills;

/// <summary>
/// Validates one key at one verifier without a pause, before and after the key's revocation, and records the last validation that allowed
/// it. Times are microseconds of this machine's monotonic clock.
/// </summary>
internal sealed class DrillProbe(DrillVerifier verifier, SecretString value, TimeSpan minTimeAfterReturn)
{
    // Even a slow verifier gives this many answers after the revocation, so that a round always tests it.
    private const int MinAnswersAfterReturn = 25;

    private readonly TaskCompletionSource firstAllowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long returnedMicroseconds = long.MaxValue;

    public DrillVerifier Verifier => verifier;

    /// <summary>The number of validations.</summary>
    public int Validations { get; private set; }

    /// <summary>The number of answered validations that started after the revocation had returned.</summary>
    public int AnswersAfterReturn { get; private set; }

    /// <summary>The number of validations without an answer.</summary>
    public int Unanswered { get; private set; }

    /// <summary>The start of the last validation that allowed the key; zero when none did.</summary>
    public long LastAllowedMicroseconds { get; private set; }

    /// <summary>Completes when the verifier first allows the key.</summary>
    public Task FirstAllowed => firstAllowed.Task;

    /// <summary>Records the time at which the revocation returned.</summary>
    public void RecordReturn(long microseconds) => Volatile.Write(ref returnedMicroseconds, microseconds);

    /// <summary>Validates until the verifier has given enough answers, for long enough, after the revocation returned.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            while (AnswersAfterReturn < MinAnswersAfterReturn
                || Clock.MonotonicMicroseconds() - Volatile.Read(ref returnedMicroseconds) < minTimeAfterReturn.TotalMicroseconds)
            {
                await ValidateOnce(cancellation);
                // A replica in this process answers without suspending, so this loop would keep the other probes from running.
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
