using System.Text.Json.Serialization;

namespace Warder.Contracts.Replicas;

/// <summary>What a replica says to its node on their stream, one after another in order. GET <c>/replicas/stream</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(LeaseRequest), "lease_request")]
[JsonDerivedType(typeof(Acknowledgement), "ack")]
[JsonDerivedType(typeof(KeyQuestions), "questions")]
[JsonDerivedType(typeof(KeyUses), "uses")]
[JsonDerivedType(typeof(DecisionRequests), "decision_requests")]
[JsonDerivedType(typeof(DecisionReport), "decision_counts")]
[JsonDerivedType(typeof(LeaseRelease), "lease_release")]
public abstract record ReplicaMessage;

/// <summary>Asks for a lease. One at a time: the next is asked for when this one is answered.</summary>
/// <param name="Identity">32 random hex digits that only this replica and its nodes know: whoever says them goes on where it was.</param>
/// <param name="Name">What its operator calls it: 1–64 printable ASCII characters.</param>
/// <param name="Has">What its memory has applied; null when it has nothing.</param>
public sealed record LeaseRequest(string Identity, string Name, LogPlace? Has) : ReplicaMessage
{
    /// <summary>Leaves the identity out.</summary>
    public override string ToString() => $"LeaseRequest {Name}";
}

/// <summary>Memory has applied the log up to here.</summary>
/// <param name="Sequence">As the node's message had it.</param>
public sealed record Acknowledgement(long Sequence) : ReplicaMessage;

/// <summary>What memory does not know: 1–100 tokens that were presented.</summary>
public sealed record KeyQuestions(IReadOnlyList<KeyQuestion> Questions) : ReplicaMessage;

/// <summary>One token.</summary>
/// <param name="Number">By which its answer is known.</param>
/// <param name="Value">The secret that a caller presented; ≤ 512 characters.</param>
/// <param name="AtLeast">The answer must be of a state that includes this event; 0: of any that the node may answer from.</param>
public sealed record KeyQuestion(long Number, string Value, long AtLeast = 0)
{
    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => $"KeyQuestion {Number}";
}

/// <summary>
/// Requests for whole decisions: 1–100. A replica whose feature level is below its environment's sends each validation so.
/// </summary>
public sealed record DecisionRequests(IReadOnlyList<DecisionRequest> Requests) : ReplicaMessage;

/// <summary>One validation.</summary>
/// <param name="Number">The number of its answer; apart from those of questions.</param>
/// <param name="Value">The secret that a caller presented; ≤ 512 characters.</param>
/// <param name="Permissions">Slugs that must all hold; ≤ 256.</param>
/// <param name="AtLeast">The decision must be of a state that includes this event; 0: of any that the node may answer from.</param>
public sealed record DecisionRequest(long Number, string Value, IReadOnlyList<string> Permissions, long AtLeast = 0)
{
    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => $"DecisionRequest {Number}";
}

/// <summary>Which keys were used since the last of these; up to 1,000.</summary>
public sealed record KeyUses(IReadOnlyList<KeyUse> Uses) : ReplicaMessage;

/// <summary>The last allowed validation of one secret of a key.</summary>
/// <param name="Id"><c>api_key_…</c></param>
/// <param name="SecretNumber">Which of its secrets.</param>
/// <param name="At">Unix milliseconds, by the node's clock.</param>
/// <param name="Proof">The key's <see cref="ReplicaKey.UseProof"/>: a use without it does not count.</param>
public sealed record KeyUse(string Id, int SecretNumber, long At, long Proof = 0);

/// <summary>How many validations were answered since the last of these.</summary>
/// <param name="Counts">By code: those of a validation, and <c>unavailable</c>. A node takes at most 2³² of each in one message.</param>
public sealed record DecisionReport(IReadOnlyDictionary<string, long> Counts) : ReplicaMessage;

/// <summary>The replica has given up its lease, and will not ask again on this stream.</summary>
public sealed record LeaseRelease : ReplicaMessage;
