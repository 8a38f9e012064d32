namespace Warder.Core.Leases;

/// <summary>How long a lease lasts: for its holder, and for those who wait for its end.</summary>
/// <remarks>
/// The holder measures a tenth less and the waiter a tenth more: with clocks whose rates are within 10 % of the truth, more than kernels
/// slew them, the holder's time is over before the waiter's. No two machines' clocks are ever compared.
/// </remarks>
/// <param name="Milliseconds">The nominal length.</param>
public readonly record struct LeaseTerms(int Milliseconds)
{
    /// <summary>The shortest that leaves room for renewals over a network.</summary>
    public const int LeastMilliseconds = 500;

    /// <summary>The longest: so long would a change wait for a verifier that was lost.</summary>
    public const int MostMilliseconds = 60_000;

    /// <summary>The usual length.</summary>
    public const int DefaultMilliseconds = 2_000;

    private const int DriftPercent = 10;

    /// <summary>Of this length.</summary>
    public static LeaseTerms Default { get; } = new(DefaultMilliseconds);

    /// <summary>How long its holder answers from memory, from before it asked.</summary>
    public long HolderMicroseconds => Milliseconds * 10L * (100 - DriftPercent);

    /// <summary>How long others wait, from after they changed something, until it must be over.</summary>
    public long WaiterMicroseconds => Milliseconds * 10L * (100 + DriftPercent);

    /// <summary>
    /// How long a replica may answer from memory, from before it asked, under what is left of its node's lease: over on the slowest of its
    /// clocks before the node's is on the fastest.
    /// </summary>
    public static long GrantMicroseconds(long remainingMicroseconds) => remainingMicroseconds * (100 - DriftPercent) / (100 + DriftPercent);

    /// <summary>How often it is renewed: four times in its length.</summary>
    public int RenewalMilliseconds => Milliseconds / 4;
}
