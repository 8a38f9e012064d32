using System.Text.Json.Serialization;

namespace Warder.Contracts.Replicas;

/// <summary>
/// A message from a node to a replica on their stream, in order. GET <c>/replicas/stream</c>. A replica skips a message of a type that it
/// does not know, unless that carries a place in the log (a member <c>place</c> or <c>delta</c>): then it has missed a change, and begins
/// anew.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(LeaseGrant), "lease")]
[JsonDerivedType(typeof(LeaseRefusal), "lease_refused")]
[JsonDerivedType(typeof(LogDelta), "delta")]
[JsonDerivedType(typeof(KeyAnswers), "answers")]
[JsonDerivedType(typeof(DecisionAnswers), "decisions")]
[JsonDerivedType(typeof(StreamClose), "close")]
public abstract record NodeMessage;

/// <summary>A lease. It counts from before it was asked for, once memory has applied <see cref="Delta"/>.</summary>
/// <param name="Microseconds">How long.</param>
/// <param name="TermMilliseconds">How long leases are here: a quarter of it is how often to ask.</param>
/// <param name="Reset">Forget everything first: memory is then where the news ends.</param>
/// <param name="Delta">What came since the message before; in the first grant of a stream, since what the ask said to have applied.</param>
/// <param name="Now">The node's time, in unix milliseconds: what expiry goes by.</param>
/// <param name="Forms">
/// What tokens look like once the news is applied, until an event changes it; null: whatever is presented has to be asked about.
/// </param>
public sealed record LeaseGrant(long Microseconds, int TermMilliseconds, bool Reset, LogDelta Delta, long Now, ReplicaTokenFormats? Forms) : NodeMessage;

/// <summary>What the tokens of the environment look like. What looks otherwise is no key there.</summary>
/// <param name="Prefix">What its own begin with.</param>
/// <param name="Schemes">What keys look like that were imported.</param>
public sealed record ReplicaTokenFormats(string Prefix, IReadOnlyList<ReplicaScheme> Schemes);

/// <summary>What imported keys look like.</summary>
/// <param name="Prefix">What they begin with.</param>
/// <param name="Length">How many characters follow.</param>
/// <param name="Alphabet">Hex 0, base32 1, base62 2, base64url 3.</param>
public sealed record ReplicaScheme(string Prefix, int Length, int Alphabet);

/// <summary>No lease, for now.</summary>
/// <param name="Code">One of <see cref="LeaseRefusals"/>.</param>
/// <param name="RetryAfterMilliseconds">Before that, asking again is of no use.</param>
public sealed record LeaseRefusal(string Code, int RetryAfterMilliseconds) : NodeMessage;

/// <summary>What the log does to memory. Events that do nothing to the environment's keys are left out.</summary>
/// <param name="After">Where the message before ended: memory that is elsewhere has missed something.</param>
/// <param name="Events">In the log's order.</param>
/// <param name="Place">Where memory is once it has applied them.</param>
public sealed record LogDelta(long After, IReadOnlyList<LoggedCacheDeltas> Events, LogPlace Place) : NodeMessage;

/// <summary>What one event does to memory.</summary>
/// <param name="Sequence">The event's number.</param>
/// <param name="CacheDeltas">As they stand beside it in the log.</param>
public sealed record LoggedCacheDeltas(long Sequence, string CacheDeltas);

/// <summary>The answers to some questions.</summary>
public sealed record KeyAnswers(IReadOnlyList<KeyAnswer> Answers) : NodeMessage;

/// <summary>What the node knows of one token.</summary>
/// <param name="Number">The question's.</param>
/// <param name="Code">Why there is no key, as a validation would say it; null when there is one.</param>
/// <param name="Key">The key, whatever its state.</param>
/// <param name="SameAs">
/// The number of an answer before it in the same message that holds the key; null when this one does, or there is none.
/// </param>
public sealed record KeyAnswer(long Number, string? Code, ReplicaKey? Key, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? SameAs = null);

/// <summary>The node's decisions about some requests.</summary>
public sealed record DecisionAnswers(IReadOnlyList<DecisionAnswer> Decisions) : NodeMessage;

/// <summary>One decision.</summary>
/// <param name="Number">The request's.</param>
/// <param name="Code">The code as a validation has it.</param>
/// <param name="Key">The key that was found, for <c>allowed</c> and for denials that name a key.</param>
/// <param name="Permissions">The slugs of the key's permissions that hold.</param>
public sealed record DecisionAnswer(long Number, string Code, ReplicaKey? Key, IReadOnlyList<string> Permissions);

/// <summary>The node ends the stream. The replica gives up its lease at once, and says so.</summary>
/// <param name="Code">One of <see cref="CloseReasons"/>.</param>
public sealed record StreamClose(string Code) : NodeMessage;

/// <summary>The values of <see cref="LeaseRefusal.Code"/>.</summary>
public static class LeaseRefusals
{
    /// <summary>The node has no lease itself, cannot look at the log, or has no room for another replica.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The replica has not acknowledged what it was told a while ago.</summary>
    public const string Behind = "behind";

    /// <summary>Changes had to wait for it again and again.</summary>
    public const string Barred = "barred";
}

/// <summary>The values of <see cref="StreamClose.Code"/>.</summary>
public static class CloseReasons
{
    /// <summary>The node stops.</summary>
    public const string Stopping = "stopping";

    /// <summary>The management key ended, or lost <c>keys:validate</c>.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>The log is not the one that the replica has answered from: it must begin anew.</summary>
    public const string AnotherLog = "another_log";
}
