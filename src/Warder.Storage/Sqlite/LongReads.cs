using Warder.Core.Time;

namespace Warder.Storage.Sqlite;

/// <summary>
/// The reads that may hold a snapshot for long. During such a read the write-ahead file does not start again. With overlapping reads it
/// would grow without end. When it is overgrown, new long reads wait until the current ones have ended and the file was moved.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LongReads
{
    // Longer than a read's deadline. An idle writer moves no pages; the file does not grow then either.
    private const int MostHeldMilliseconds = 5_000;

    private readonly object gate = new();
    private long heldUntilMicroseconds;
    private int running;

    /// <summary>Whether no long read is running.</summary>
    public bool AreOver
    {
        get
        {
            lock (gate)
                return running == 0;
        }
    }

    /// <summary>Starts a long read, and waits until one is permitted.</summary>
    public void Begin()
    {
        lock (gate)
        {
            while (heldUntilMicroseconds - Clock.MonotonicMicroseconds() is > 0 and var left)
                Monitor.Wait(gate, (int)(left / 1_000) + 1);
            running++;
        }
    }

    /// <summary>One has ended.</summary>
    public void End()
    {
        lock (gate)
            running--;
    }

    /// <summary>Holds back new reads until <see cref="Release"/>, or for five seconds.</summary>
    public void Hold()
    {
        lock (gate)
        {
            if (heldUntilMicroseconds < Clock.MonotonicMicroseconds())
                heldUntilMicroseconds = Clock.MonotonicMicroseconds() + (MostHeldMilliseconds * 1_000L);
        }
    }

    /// <summary>Permits new reads again.</summary>
    public void Release()
    {
        lock (gate)
        {
            heldUntilMicroseconds = 0;
            Monitor.PulseAll(gate);
        }
    }
}
