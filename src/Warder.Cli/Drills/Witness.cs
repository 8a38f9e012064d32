using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Cli.Drills;

/// <summary>
/// Asks one verifier about one key, again and again, through the key's end, and remembers what tells most. Times are microseconds of this
/// machine's monotonic clock.
/// </summary>
internal sealed class Witness(DrillVerifier verifier, SecretString value, TimeSpan afterwards)
{
    // However long each answer takes.
    private const int AskedAfterwards = 25;

    private readonly TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long endedMicroseconds = long.MaxValue;

    public DrillVerifier Verifier => verifier;

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    /// <summary>How often it was asked after the end was known here, and said something.</summary>
    public int AnsweredAfterwards { get; private set; }

    /// <summary>How often it said nothing.</summary>
    public int Unanswered { get; private set; }

    /// <summary>When the last question was asked that was answered by letting the key in; zero when none was.</summary>
    public long LastAllowedMicroseconds { get; private set; }

    /// <summary>Ends once it has let the key in.</summary>
    public Task Seen => seen.Task;

    /// <summary>The call that ended the key has returned.</summary>
    public void End(long microseconds) => Volatile.Write(ref endedMicroseconds, microseconds);

    /// <summary>Asks, until it was asked often enough, and for long enough, after the end.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            while (AnsweredAfterwards < AskedAfterwards || Clock.MonotonicMicroseconds() - Volatile.Read(ref endedMicroseconds) < afterwards.TotalMicroseconds)
            {
                await AskOnce(cancellation);
                // What is answered from this process's memory is answered at once: others shall get their turn.
                await Task.Yield();
            }
        }
        catch (Exception e)
        {
            seen.TrySetException(e);
            throw;
        }
    }

    private async Task AskOnce(CancellationToken cancellation)
    {
        var asked = Clock.MonotonicMicroseconds();
        var isAfterwards = asked > Volatile.Read(ref endedMicroseconds);
        var said = await verifier.Ask(value, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Asked++;
        if (said == DrillAnswer.Nothing)
        {
            Unanswered++;
            return;
        }

        if (isAfterwards)
            AnsweredAfterwards++;
        if (said != DrillAnswer.Allowed)
            return;
        LastAllowedMicroseconds = asked;
        seen.TrySetResult();
    }
}
