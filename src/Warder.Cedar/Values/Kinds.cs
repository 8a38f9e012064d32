namespace Warder.Cedar.Values;

/// <summary>The names of types in messages, with an article.</summary>
internal static class Kinds
{
    public static string Name(ValueKind kind) => kind switch
    {
        ValueKind.Bool => "a boolean",
        ValueKind.Long => "an integer",
        ValueKind.String => "a string",
        ValueKind.Entity => "an entity",
        ValueKind.Set => "a set",
        ValueKind.Record => "a record",
        ValueKind.Decimal => "a decimal",
        ValueKind.Ip => "an ip",
        ValueKind.DateTime => "a datetime",
        ValueKind.Duration => "a duration",
        _ => "nothing",
    };
}
