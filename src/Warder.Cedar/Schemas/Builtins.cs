using Warder.Cedar.Values;

namespace Warder.Cedar.Schemas;

/// <summary>The types that Cedar has of its own, and what schemas call them.</summary>
internal static class Builtins
{
    /// <summary>What stands before their names where nothing can be meant but them.</summary>
    public const string Prefix = "__cedar::";

    private static readonly Dictionary<string, CedarType> Types = new(StringComparer.Ordinal)
    {
        ["Bool"] = CedarType.Bool,
        ["Long"] = CedarType.Long,
        ["String"] = CedarType.String,
        ["decimal"] = CedarType.Decimal,
        ["ipaddr"] = CedarType.Ip,
        ["datetime"] = CedarType.DateTime,
        ["duration"] = CedarType.Duration,
    };

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Types.Keys;

    /// <summary>What the JSON form calls an extension type.</summary>
    public static IEnumerable<string> Extensions => Types.Keys.Where(name => char.IsAsciiLetterLower(name[0]));

    /// <summary>What a common type may not be called: the JSON form has these words for itself.</summary>
    public static bool IsReservedForTypes(string name)
        => name is "Bool" or "Boolean" or "Entity" or "Extension" or "Long" or "Record" or "Set" or "String";

    /// <summary>The type of this name, without what may stand before it; null when there is none.</summary>
    public static CedarType? Find(string name) => Types.GetValueOrDefault(name);

    /// <summary>The type of a kind of simple values.</summary>
    public static CedarType OfKind(ValueKind kind) => kind switch
    {
        ValueKind.Bool => CedarType.Bool,
        ValueKind.Long => CedarType.Long,
        ValueKind.String => CedarType.String,
        ValueKind.Decimal => CedarType.Decimal,
        ValueKind.Ip => CedarType.Ip,
        ValueKind.DateTime => CedarType.DateTime,
        _ => CedarType.Duration,
    };

    /// <summary>The function that makes values of an extension type from their text.</summary>
    public static string ConstructorOf(ValueKind kind) => kind == ValueKind.Ip ? "ip" : NameOf(kind);

    /// <summary>The name of a type.</summary>
    public static string NameOf(ValueKind kind) => Types.First(it => it.Value.Kind == kind).Key;
}
