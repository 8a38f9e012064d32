namespace Warder.Cedar.Values;

/// <summary>The types of values. (Cedar documentation: "Data types".)</summary>
public enum ValueKind : byte
{
    /// <summary>No value: the type of <c>default(Value)</c>. No API accepts such a value.</summary>
    None,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A 64-bit signed integer.</summary>
    Long,

    /// <summary>A string.</summary>
    String,

    /// <summary>An entity uid.</summary>
    Entity,

    /// <summary>A set of values.</summary>
    Set,

    /// <summary>A record: values by name.</summary>
    Record,

    /// <summary>A number with four decimal places: <c>decimal("1.23")</c>.</summary>
    Decimal,

    /// <summary>An IP address or range: <c>ip("10.0.0.0/8")</c>.</summary>
    Ip,

    /// <summary>A point in time: <c>datetime("2026-01-31")</c>.</summary>
    DateTime,

    /// <summary>A duration: <c>duration("1d2h")</c>.</summary>
    Duration,
}
