namespace Warder.Core.Receipts;

/// <summary>The way in which a verifier got past a change.</summary>
public enum Outcome
{
    /// <summary>The verifier is not known to be past the change.</summary>
    Waiting,

    /// <summary>The verifier has applied the change, or released its lease.</summary>
    Acknowledged,

    /// <summary>
    /// The verifier's lease from before the change has ended: it may not answer from memory until it has applied the change.
    /// </summary>
    LeaseRanOut,

    /// <summary>
    /// The verifier renewed its lease after the change, and had to apply the change first; its acknowledgement did not arrive.
    /// </summary>
    RenewedPast,
}

/// <summary>One verifier in a receipt.</summary>
/// <param name="Id"><c>node_…</c> or <c>replica_…</c></param>
/// <param name="Name">The name that its operator gave it.</param>
/// <param name="Follows">The node that a replica follows; null for a node.</param>
/// <param name="Outcome">The way in which it got past the change.</param>
public sealed record VerifierLine(string Id, string Name, string? Follows, Outcome Outcome)
{
    /// <summary>The management key of a replica; null for a node, and when the key is unknown.</summary>
    public string? ManagementKeyId { get; init; }
}
