using Warder.Core.Time;

namespace Warder.Core.Leases;

/// <summary>
/// The permission to answer from memory. Each decision checks the lease after its request began and before its look-up. A check after the
/// look-up could see a renewed lease, under which a change has returned that the look-up did not see.
/// </summary>
/// <remarks>Thread-safe. The lease ends by the clock, without a message: a process that was stopped finds it expired.</remarks>
public sealed class Lease
{
    private const long Forever = long.MaxValue;

    private long endMicroseconds;

    private Lease(long endMicroseconds) => this.endMicroseconds = endMicroseconds;

    /// <summary>Makes a lease that is not held yet.</summary>
    public Lease()
        : this(0)
    {
    }

    /// <summary>The lease of a sole verifier: no change ever waits for its end.</summary>
    public static Lease Permanent { get; } = new(Forever);

    /// <summary>Whether the lease lasts as long as the process.</summary>
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

    /// <summary>Checks the lease at a time that the caller has read.</summary>
    /// <param name="nowMicroseconds">
    /// <see cref="Clock.BootMicroseconds"/>, read since the request began and before any read of memory.
    /// </param>
    public bool IsHeldAt(long nowMicroseconds) => IsWithin(nowMicroseconds, Volatile.Read(ref endMicroseconds));

    /// <summary>The remaining time of the lease; zero or less after its end.</summary>
    public long RemainingMicroseconds
    {
        get
        {
            var end = Volatile.Read(ref endMicroseconds);
            return end == Forever ? Forever : end - Clock.BootMicroseconds();
        }
    }

    /// <summary>Prolongs the lease. Never shortens it: a late renewal with an earlier end has no effect.</summary>
    /// <param name="untilMicroseconds">The new end on <see cref="Clock.BootMicroseconds"/>, derived from a time before the request.</param>
    public void Extend(long untilMicroseconds)
    {
        if (untilMicroseconds > Volatile.Read(ref endMicroseconds))
            Volatile.Write(ref endMicroseconds, untilMicroseconds);
    }

    /// <summary>Ends the lease at once: memory can no longer be relied on.</summary>
    public void Drop() => Volatile.Write(ref endMicroseconds, 0);

    private static bool IsWithin(long nowMicroseconds, long endMicroseconds)
    {
        var held = nowMicroseconds < endMicroseconds;
        // Memory is read after the clock. A read before it could precede a change that returned before the lease was renewed.
        Volatile.ReadBarrier();
        return held;
    }
}
