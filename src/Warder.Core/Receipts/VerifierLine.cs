namespace Warder.Core.Receipts;

/// <summary>How a verifier came to be past a change.</summary>
public enum Outcome
{
    /// <summary>It is not yet, as far as is known.</summary>
    Waiting,

    /// <summary>It has applied the change, or given up its lease.</summary>
    Acknowledged,

    /// <summary>Its lease from before the change was over: it may not answer from memory until it has applied the change.</summary>
    LeaseRanOut,

    /// <summary>It renewed its lease after the change, and so had to apply the change first; its acknowledgement did not arrive.</summary>
    RenewedPast,
}

/// <summary>One verifier in a receipt.</summary>
/// <param name="Id"><c>node_…</c> or <c>replica_…</c></param>
/// <param name="Name">What its operator calls it.</param>
/// <param name="Follows">The node that a replica follows; null for a node.</param>
/// <param name="Outcome">How it came to be past the change.</param>
public sealed record VerifierLine(string Id, string Name, string? Follows, Outcome Outcome)
{
    /// <summary>The management key of a replica; null for a node, and where it is not known.</summary>
    public string? ManagementKeyId { get; init; }
}
