namespace Warder.Cedar.Values;

/// <summary>The types that values have. (Cedar documentation: "Data types".)</summary>
public enum ValueKind : byte
{
    /// <summary>No value at all: what <c>default(Value)</c> is. It is accepted nowhere.</summary>
    None,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A 64-bit integer.</summary>
    Long,

    /// <summary>Text.</summary>
    String,

    /// <summary>The name of an entity.</summary>
    Entity,

    /// <summary>A set of values.</summary>
    Set,

    /// <summary>Values by name.</summary>
    Record,

    /// <summary>A number with four decimal digits: <c>decimal("1.23")</c>.</summary>
    Decimal,

    /// <summary>An IP address or a range of them: <c>ip("10.0.0.0/8")</c>.</summary>
    Ip,

    /// <summary>A moment: <c>datetime("2026-01-31")</c>.</summary>
    DateTime,

    /// <summary>A length of time: <c>duration("1d2h")</c>.</summary>
    Duration,
}
