using Warder.Core.Time;

namespace Warder.Core.Leases;

/// <summary>
/// The permission to answer from memory. Whoever decides asks for it before the look-up, after the request began, for each decision: asked
/// after the look-up it could be a new one, under which a change has returned that the look-up did not see.
/// </summary>
/// <remarks>Thread-safe. It ends by the clock, not by being told: a process that was stopped finds it over.</remarks>
public sealed class Lease
{
    private const long Forever = long.MaxValue;

    private long endMicroseconds;

    private Lease(long endMicroseconds) => this.endMicroseconds = endMicroseconds;

    /// <summary>One that is not held yet.</summary>
    public Lease()
        : this(0)
    {
    }

    /// <summary>The lease of the only verifier there can be: nobody ever waits for its end.</summary>
    public static Lease Permanent { get; } = new(Forever);

    /// <summary>Whether it lasts as long as the process.</summary>
    public bool IsPermanent => Volatile.Read(ref endMicroseconds) == Forever;

    /// <summary>Whether a look-up that begins now may be answered from memory.</summary>
    public bool IsHeld
    {
        get
        {
            var end = Volatile.Read(ref endMicroseconds);
            return end == Forever || IsWithin(Clock.BootMicroseconds(), end);
        }
    }

    /// <summary>The same, for who needs the time besides.</summary>
    /// <param name="nowMicroseconds">
    /// <see cref="Clock.BootMicroseconds"/>, read since the request began and before anything of memory.
    /// </param>
    public bool IsHeldAt(long nowMicroseconds) => IsWithin(nowMicroseconds, Volatile.Read(ref endMicroseconds));

    /// <summary>How long it lasts yet; zero or less when it is over.</summary>
    public long RemainingMicroseconds
    {
        get
        {
            var end = Volatile.Read(ref endMicroseconds);
            return end == Forever ? Forever : end - Clock.BootMicroseconds();
        }
    }

    /// <summary>Prolongs it. Never shortens: a grant that comes late takes nothing away.</summary>
    /// <param name="untilMicroseconds">On <see cref="Clock.BootMicroseconds"/>, read before it was asked for.</param>
    public void Extend(long untilMicroseconds)
    {
        if (untilMicroseconds > Volatile.Read(ref endMicroseconds))
            Volatile.Write(ref endMicroseconds, untilMicroseconds);
    }

    /// <summary>Gives it up: memory cannot be answered for.</summary>
    public void Drop() => Volatile.Write(ref endMicroseconds, 0);

    private static bool IsWithin(long nowMicroseconds, long endMicroseconds)
    {
        var held = nowMicroseconds < endMicroseconds;
        // Nothing that is read of memory may have been read before the clock was.
        Volatile.ReadBarrier();
        return held;
    }
}
