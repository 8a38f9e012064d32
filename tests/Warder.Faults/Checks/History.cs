namespace Warder.Faults.Checks;

/// <summary>What a validation answered.</summary>
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

    /// <summary>None that this program knows.</summary>
    Unknown,
}

/// <summary>
/// A call that changes something, on the one monotonic clock: when its first byte was about to be sent, and when its answer's last was
/// here. A call of unknown outcome (no answer, 503) never returned: it may have come into force at any time since it was called, or never.
/// </summary>
internal sealed record Change<TDeed>(TDeed Operation, long Called, long Returned)
{
    public const long Never = long.MaxValue;

    public bool HasReturned => Returned != Never;
}

/// <summary>A validation and its answer, on the same clock.</summary>
internal sealed record Answer<TQuestion>(TQuestion Question, Code Code, long Asked, long Answered);

/// <summary>What is changed and asked about: a state in 64 bits, what a change makes of it, and what it answers.</summary>
internal abstract class Model<TDeed, TQuestion>
{
    public abstract ulong Initial { get; }

    /// <summary>The state after a deed; null when the deed could not have been answered as it was, had this been the state.</summary>
    public abstract ulong? After(ulong state, TDeed deed);

    /// <summary>What a validation answers in this state.</summary>
    public abstract Code CodeOf(ulong state, TQuestion question);
}
