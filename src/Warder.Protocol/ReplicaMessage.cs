using System.Text.Json.Serialization;

namespace Warder.Protocol;

/// <summary>A message from a replica to its node on their stream, in order. GET <c>/replicas/stream</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(LeaseRequest), "lease_request")]
[JsonDerivedType(typeof(Acknowledgement), "ack")]
[JsonDerivedType(typeof(KeyQuestions), "questions")]
[JsonDerivedType(typeof(KeyUses), "uses")]
[JsonDerivedType(typeof(DecisionRequests), "decision_requests")]
[JsonDerivedType(typeof(DecisionReport), "decision_counts")]
[JsonDerivedType(typeof(LeaseRelease), "lease_release")]
public abstract record ReplicaMessage;

/// <summary>Requests a lease. A replica has one unanswered request at a time.</summary>
/// <param name="Identity">
/// 32 random hex digits that only this replica and its nodes know. The sender of these digits continues as this replica.
/// </param>
/// <param name="Name">The name that its operator gave it: 1–64 printable ASCII characters.</param>
/// <param name="Has">The place in the log that memory has applied; null when memory is empty.</param>
public sealed record LeaseRequest(string Identity, string Name, LogPlace? Has) : ReplicaMessage
{
    /// <summary>Leaves the identity out.</summary>
    public override string ToString() => $"LeaseRequest {Name}";
}

/// <summary>Acknowledges that memory has applied the log up to an event.</summary>
/// <param name="Sequence">The number in the node's message.</param>
public sealed record Acknowledgement(long Sequence) : ReplicaMessage;

/// <summary>Looks up 1–100 presented tokens that memory does not hold.</summary>
public sealed record KeyQuestions(IReadOnlyList<KeyQuestion> Questions) : ReplicaMessage;

/// <summary>One token.</summary>
/// <param name="Number">The number that the answer repeats.</param>
/// <param name="Value">The presented secret; ≤ 512 characters.</param>
/// <param name="AtLeast">The event that the answer's state must include; 0: any state that the node may answer from.</param>
public sealed record KeyQuestion(long Number, string Value, long AtLeast = 0)
{
    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => $"KeyQuestion {Number}";
}

/// <summary>Requests 1–100 whole decisions. A replica below its environment's feature level requests each validation so.</summary>
public sealed record DecisionRequests(IReadOnlyList<DecisionRequest> Requests) : ReplicaMessage;

/// <summary>One validation.</summary>
/// <param name="Number">The number that the answer repeats; numbered apart from key lookups.</param>
/// <param name="Value">The presented secret; ≤ 512 characters.</param>
/// <param name="Permissions">Slugs of permissions that the key must all have; ≤ 256.</param>
/// <param name="AtLeast">The event that the decision's state must include; 0: any state that the node may answer from.</param>
public sealed record DecisionRequest(long Number, string Value, IReadOnlyList<string> Permissions, long AtLeast = 0)
{
    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => $"DecisionRequest {Number}";
}

/// <summary>Reports the keys that were used since the last such message; up to 1,000.</summary>
public sealed record KeyUses(IReadOnlyList<KeyUse> Uses) : ReplicaMessage;

/// <summary>The last allowed validation of one secret of a key.</summary>
/// <param name="Id"><c>api_key_…</c></param>
/// <param name="SecretNumber">The number of the secret among the key's secrets.</param>
/// <param name="At">Unix milliseconds, by the node's clock.</param>
/// <param name="Proof">The key's <see cref="ReplicaKey.UseProof"/>: a use without it does not count.</param>
public sealed record KeyUse(string Id, int SecretNumber, long At, long Proof = 0);

/// <summary>Reports the number of validations since the last such message.</summary>
/// <param name="Counts">The numbers by code of validation, and <c>unavailable</c>. A node takes at most 2³² of each in one message.</param>
public sealed record DecisionReport(IReadOnlyDictionary<string, long> Counts) : ReplicaMessage;

/// <summary>Releases the lease. The replica requests no further lease on this stream.</summary>
public sealed record LeaseRelease : ReplicaMessage;
