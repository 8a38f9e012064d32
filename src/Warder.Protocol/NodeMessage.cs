using System.Text.Json.Serialization;

namespace Warder.Protocol;

/// <summary>
/// A message from a node to a replica on their stream, in order. GET <c>/replicas/stream</c>. A replica skips a message of an unknown type,
/// unless the message carries a place in the log (a member <c>place</c> or <c>delta</c>). Such a message means a missed change: the replica
/// then clears its memory and starts again.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(LeaseGrant), "lease")]
[JsonDerivedType(typeof(LeaseRefusal), "lease_refused")]
[JsonDerivedType(typeof(LogDelta), "delta")]
[JsonDerivedType(typeof(KeyAnswers), "answers")]
[JsonDerivedType(typeof(DecisionAnswers), "decisions")]
[JsonDerivedType(typeof(StreamClose), "close")]
public abstract record NodeMessage;

/// <summary>Grants a lease. It counts from before its request was sent, once memory has applied <see cref="Delta"/>.</summary>
/// <param name="Microseconds">The remaining length of the lease.</param>
/// <param name="TermMilliseconds">The full length of leases on this node. A replica sends a request each quarter of it.</param>
/// <param name="Reset">Whether the replica clears its memory first. Memory is then at the end of the delta.</param>
/// <param name="Delta">The events since the previous message; in a stream's first grant, the events since the request's place.</param>
/// <param name="Now">The node's time, in unix milliseconds: the clock that expiry uses.</param>
/// <param name="Forms">
/// The token formats after the delta, until an event changes them. Null: the replica looks up every presented token.
/// </param>
public sealed record LeaseGrant(
    long Microseconds, int TermMilliseconds, bool Reset, LogDelta Delta, long Now, ReplicaTokenFormats? Forms) : NodeMessage;

/// <summary>The token formats of the environment. A token of another format is no key there.</summary>
/// <param name="Prefix">The prefix of the environment's own tokens.</param>
/// <param name="Schemes">The schemes of imported keys.</param>
public sealed record ReplicaTokenFormats(string Prefix, IReadOnlyList<ReplicaScheme> Schemes);

/// <summary>The form of imported keys.</summary>
/// <param name="Prefix">The prefix of the keys.</param>
/// <param name="Length">The number of characters after the prefix.</param>
/// <param name="Alphabet">Hex 0, base32 1, base62 2, base64url 3.</param>
public sealed record ReplicaScheme(string Prefix, int Length, int Alphabet);

/// <summary>Refuses a lease for now.</summary>
/// <param name="Code">One of <see cref="LeaseRefusals"/>.</param>
/// <param name="RetryAfterMilliseconds">The time before which a new request would be refused again.</param>
public sealed record LeaseRefusal(string Code, int RetryAfterMilliseconds) : NodeMessage;

/// <summary>The changes that the log makes to memory. Events without an effect on the environment's keys are left out.</summary>
/// <param name="After">The end of the previous message. Memory at another place has missed a change.</param>
/// <param name="Events">In the log's order.</param>
/// <param name="Place">The place of memory once it has applied the events.</param>
public sealed record LogDelta(long After, IReadOnlyList<LoggedCacheDeltas> Events, LogPlace Place) : NodeMessage;

/// <summary>The changes that one event makes to memory.</summary>
/// <param name="Sequence">The event's number.</param>
/// <param name="CacheDeltas">The event's cache deltas as the log holds them.</param>
public sealed record LoggedCacheDeltas(long Sequence, string CacheDeltas);

/// <summary>The answers to key lookups.</summary>
public sealed record KeyAnswers(IReadOnlyList<KeyAnswer> Answers) : NodeMessage;

/// <summary>The node's answer about one token.</summary>
/// <param name="Number">The number of the lookup.</param>
/// <param name="Code">The code that a validation would give when there is no key; null when there is one.</param>
/// <param name="Key">The key, in any state.</param>
/// <param name="SameAs">
/// The number of an earlier answer in the same message that holds the key; null when this answer holds it, or there is none.
/// </param>
public sealed record KeyAnswer(
    long Number, string? Code, ReplicaKey? Key,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? SameAs = null);

/// <summary>The node's decisions about some requests.</summary>
public sealed record DecisionAnswers(IReadOnlyList<DecisionAnswer> Decisions) : NodeMessage;

/// <summary>One decision.</summary>
/// <param name="Number">The number of the request.</param>
/// <param name="Code">The code of the validation.</param>
/// <param name="Key">The key that was found, for <c>allowed</c> and for denials that name a key.</param>
/// <param name="Permissions">The slugs of the key's effective permissions.</param>
public sealed record DecisionAnswer(long Number, string Code, ReplicaKey? Key, IReadOnlyList<string> Permissions);

/// <summary>Ends the stream. The replica releases its lease at once, and sends the release.</summary>
/// <param name="Code">One of <see cref="CloseReasons"/>.</param>
public sealed record StreamClose(string Code) : NodeMessage;

/// <summary>The values of <see cref="LeaseRefusal.Code"/>.</summary>
public static class LeaseRefusals
{
    /// <summary>The node has no lease itself, cannot look at the log, or has no room for another replica.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The replica has not acknowledged earlier messages in time.</summary>
    public const string Behind = "behind";

    /// <summary>Changes had to wait for the management key's replicas repeatedly.</summary>
    public const string Barred = "barred";
}

/// <summary>The values of <see cref="StreamClose.Code"/>.</summary>
public static class CloseReasons
{
    /// <summary>The node stops.</summary>
    public const string Stopping = "stopping";

    /// <summary>The management key ended, or lost <c>keys:validate</c>.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The node's log is not the log that the replica has answered from: the replica clears its memory and starts again.</summary>
    public const string AnotherLog = "another_log";
}
