namespace Warder.Core.Leases;

/// <summary>The length of a lease: for its holder, and for changes that wait for its end.</summary>
/// <remarks>
/// The holder measures a tenth less, and the waiting side a tenth more. With clock rates within 10 % of the true rate, which is more than
/// kernels slew them, the holder's time ends first. The clocks of two machines are never compared.
/// </remarks>
/// <param name="Milliseconds">The nominal length.</param>
public readonly record struct LeaseTerms(int Milliseconds)
{
    /// <summary>The shortest that leaves room for renewals over a network.</summary>
    public const int LeastMilliseconds = 500;

    /// <summary>The longest lease: a change waits at most that long for a lost verifier.</summary>
    public const int MostMilliseconds = 60_000;

    /// <summary>The usual length.</summary>
    public const int DefaultMilliseconds = 2_000;

    private const int DriftPercent = 10;

    /// <summary>Of this length.</summary>
    public static LeaseTerms Default { get; } = new(DefaultMilliseconds);

    /// <summary>The time in which the holder answers from memory, counted from before its request.</summary>
    public long HolderMicroseconds => Milliseconds * 10L * (100 - DriftPercent);

    /// <summary>The time after which the lease has certainly ended, counted from after a change.</summary>
    public long WaiterMicroseconds => Milliseconds * 10L * (100 + DriftPercent);

    /// <summary>
    /// The time in which a replica may answer from memory, counted from before its request, under the rest of its node's lease. It ends on
    /// the slowest clock of the replica before the node's lease ends on the fastest clock of the node.
    /// </summary>
    public static long GrantMicroseconds(long remainingMicroseconds) => remainingMicroseconds * (100 - DriftPercent) / (100 + DriftPercent);

    /// <summary>The interval of renewals: a quarter of the lease's length.</summary>
    public int RenewalMilliseconds => Milliseconds / 4;
}
