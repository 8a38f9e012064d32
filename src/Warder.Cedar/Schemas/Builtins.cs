using Warder.Cedar.Values;

namespace Warder.Cedar.Schemas;

/// <summary>The built-in types of Cedar, and their names in schemas.</summary>
internal static class Builtins
{
    /// <summary>The prefix of a name that always denotes a built-in type.</summary>
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

    /// <summary>The names of all built-in types.</summary>
    public static IEnumerable<string> Names => Types.Keys;

    /// <summary>The names of the extension types in the JSON format.</summary>
    public static IEnumerable<string> Extensions => Types.Keys.Where(name => char.IsAsciiLetterLower(name[0]));

    /// <summary>Whether a name is invalid for a common type, because the JSON format uses it.</summary>
    public static bool IsReservedForTypes(string name)
        => name is "Bool" or "Boolean" or "Entity" or "Extension" or "Long" or "Record" or "Set" or "String";

    /// <summary>Finds a built-in type by its name without a prefix. Returns null when there is none.</summary>
    public static CedarType? Find(string name) => Types.GetValueOrDefault(name);

    /// <summary>Returns the type of a kind of simple values.</summary>
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

    /// <summary>Returns the name of the function that constructs values of an extension type from a string.</summary>
    public static string ConstructorOf(ValueKind kind) => kind == ValueKind.Ip ? "ip" : NameOf(kind);

    /// <summary>Returns the name of a type.</summary>
    public static string NameOf(ValueKind kind) => Types.First(it => it.Value.Kind == kind).Key;
}
