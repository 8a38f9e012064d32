namespace Warder.Faults.Checks;

/// <summary>The result of a validation.</summary>
public enum Code : byte
{
    Allowed,
    Malformed,
    WrongEnvironment,
    NotFound,
    Revoked,
    Expired,
    Suspended,
    OwnerInactive,
    InsufficientPermissions,
    Unavailable,

    /// <summary>A code that this program does not know.</summary>
    Unknown,
}

/// <summary>
/// A call that changes something, on one monotonic clock: from just before its first byte is sent until its answer's last byte has arrived.
/// A call of unknown outcome (no answer, 503) never returns: it may come into force at any time after its call, or never.
/// </summary>
internal sealed record Change<TOperation>(TOperation Operation, long Called, long Returned)
{
    public const long Never = long.MaxValue;

    public bool HasReturned => Returned != Never;
}

/// <summary>A validation and its answer, on the same clock.</summary>
internal sealed record Answer<TQuestion>(TQuestion Question, Code Code, long Requested, long Answered);

/// <summary>
/// Models a subject of changes and validations: a state in 64 bits, the effect of a change, and the answer of a validation.
/// </summary>
internal abstract class Model<TOperation, TQuestion>
{
    public abstract ulong Initial { get; }

    /// <summary>Returns the state after an operation; null when the operation's answer is impossible in this state.</summary>
    public abstract ulong? After(ulong state, TOperation operation);

    /// <summary>Returns the answer of a validation in this state.</summary>
    public abstract Code CodeOf(ulong state, TQuestion question);
}
