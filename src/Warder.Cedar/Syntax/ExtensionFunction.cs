using System.Collections.Frozen;
using Warder.Cedar.Values;

namespace Warder.Cedar.Syntax;

/// <summary>A function or a method of an extension type, with its signature. There is one object for each. (Cedar documentation: "Operators and functions", Extensions.)</summary>
public sealed class ExtensionFunction
{
    private static readonly FrozenDictionary<string, ExtensionFunction> Functions = new ExtensionFunction[]
    {
        new("ip", ValueKind.Ip, ValueKind.String),
        new("isIpv4", ValueKind.Bool, ValueKind.Ip),
        new("isIpv6", ValueKind.Bool, ValueKind.Ip),
        new("isLoopback", ValueKind.Bool, ValueKind.Ip),
        new("isMulticast", ValueKind.Bool, ValueKind.Ip),
        new("isInRange", ValueKind.Bool, ValueKind.Ip, ValueKind.Ip),
        new("decimal", ValueKind.Decimal, ValueKind.String),
        new("lessThan", ValueKind.Bool, ValueKind.Decimal, ValueKind.Decimal),
        new("lessThanOrEqual", ValueKind.Bool, ValueKind.Decimal, ValueKind.Decimal),
        new("greaterThan", ValueKind.Bool, ValueKind.Decimal, ValueKind.Decimal),
        new("greaterThanOrEqual", ValueKind.Bool, ValueKind.Decimal, ValueKind.Decimal),
        new("datetime", ValueKind.DateTime, ValueKind.String),
        new("offset", ValueKind.DateTime, ValueKind.DateTime, ValueKind.Duration),
        new("durationSince", ValueKind.Duration, ValueKind.DateTime, ValueKind.DateTime),
        new("toDate", ValueKind.DateTime, ValueKind.DateTime),
        new("toTime", ValueKind.Duration, ValueKind.DateTime),
        new("duration", ValueKind.Duration, ValueKind.String),
        new("toMilliseconds", ValueKind.Long, ValueKind.Duration),
        new("toSeconds", ValueKind.Long, ValueKind.Duration),
        new("toMinutes", ValueKind.Long, ValueKind.Duration),
        new("toHours", ValueKind.Long, ValueKind.Duration),
        new("toDays", ValueKind.Long, ValueKind.Duration),
    }.ToFrozenDictionary(function => function.Name);

    private ExtensionFunction(string name, ValueKind result, params ValueKind[] parameters) => (Name, Result, Parameters) = (name, result, parameters);

    /// <summary>All there are.</summary>
    public static IReadOnlyCollection<ExtensionFunction> All => Functions.Values;

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The type that it gives.</summary>
    public ValueKind Result { get; }

    /// <summary>The types that it takes; of a method, the first stands before the dot.</summary>
    public IReadOnlyList<ValueKind> Parameters { get; }

    /// <summary>Whether it makes a value of an extension type from its text; all others are methods.</summary>
    public bool IsConstructor => Parameters[0] == ValueKind.String;

    /// <summary>The one of this name; null when there is none.</summary>
    public static ExtensionFunction? Find(string name) => Functions.GetValueOrDefault(name);

    /// <summary>What it is called.</summary>
    public override string ToString() => Name;
}
