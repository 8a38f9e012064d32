using System.Text;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Schemas;

/// <summary>
/// A type in a schema: a boolean, a long, a string, an entity of one type, a set, a record, or an extension type. Immutable. Common types
/// are already replaced by their definitions. The nesting depth is at most <see cref="Limits.Depth"/>. (Cedar documentation: "Schema
/// syntax", Types.)
/// </summary>
public sealed class CedarType
{
    private const int MostText = 1_000;

    private string[]? _required;

    private CedarType(ValueKind kind, int depth, int size) => (Kind, Depth, Size) = (kind, depth, size);

    /// <summary><c>Bool</c></summary>
    public static CedarType Bool { get; } = new(ValueKind.Bool, 1, 1);

    /// <summary><c>Long</c></summary>
    public static CedarType Long { get; } = new(ValueKind.Long, 1, 1);

    /// <summary><c>String</c></summary>
    public static CedarType String { get; } = new(ValueKind.String, 1, 1);

    /// <summary><c>decimal</c></summary>
    public static CedarType Decimal { get; } = new(ValueKind.Decimal, 1, 1);

    /// <summary><c>ipaddr</c></summary>
    public static CedarType Ip { get; } = new(ValueKind.Ip, 1, 1);

    /// <summary><c>datetime</c></summary>
    public static CedarType DateTime { get; } = new(ValueKind.DateTime, 1, 1);

    /// <summary><c>duration</c></summary>
    public static CedarType Duration { get; } = new(ValueKind.Duration, 1, 1);

    /// <summary>The kind of the values.</summary>
    public ValueKind Kind { get; }

    /// <summary>The entity type of an entity; otherwise null.</summary>
    public EntityTypeName? Entity { get; private init; }

    /// <summary>The element type of a set; otherwise null.</summary>
    public CedarType? Element { get; private init; }

    /// <summary>The attributes of a record by name; otherwise null.</summary>
    public IReadOnlyDictionary<string, SchemaAttribute>? Attributes { get; private init; }

    /// <summary>The required attributes of a record. Most record types have few of them, even beside many optional ones.</summary>
    internal IReadOnlyList<string> Required => _required ??= [.. Attributes!.Where(it => it.Value.IsRequired).Select(it => it.Key)];

    /// <summary>The nesting depth: 1 for a type without inner types.</summary>
    public int Depth { get; }

    /// <summary>The type of an expression that is always true.</summary>
    internal static CedarType True { get; } = new(ValueKind.Bool, 1, 1) { Constant = true };

    /// <summary>The type of an expression that is always false.</summary>
    internal static CedarType False { get; } = new(ValueKind.Bool, 1, 1) { Constant = false };

    /// <summary>The constant value of a boolean type; null when both values are possible.</summary>
    internal bool? Constant { get; private init; }

    /// <summary>The number of types in the type, with all inner types counted at each use.</summary>
    internal int Size { get; }

    internal bool IsTrue => Constant == true;

    internal bool IsFalse => Constant == false;

    /// <summary>Creates the type of entities of one entity type.</summary>
    public static CedarType EntityOf(EntityTypeName type) => new(ValueKind.Entity, 1, 1) { Entity = type };

    /// <summary>Creates the type of sets with one element type.</summary>
    public static CedarType SetOf(CedarType element) => new(ValueKind.Set, element.Depth + 1, Sum(element.Size, 1)) { Element = element };

    /// <summary>Creates the type of records with these attributes.</summary>
    public static CedarType RecordOf(IReadOnlyDictionary<string, SchemaAttribute> attributes)
    {
        var (depth, size) = (0, 1);
        foreach (var attribute in attributes.Values)
            (depth, size) = (Math.Max(depth, attribute.Type.Depth), Sum(size, attribute.Type.Size));
        return new CedarType(ValueKind.Record, depth + 1, size) { Attributes = attributes };
    }

    /// <summary>Formats the type in schema syntax. A very long type is truncated.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, this);
        return text.Length <= MostText ? text.ToString() : $"{text.ToString(0, MostText)}…";
    }

    private static void Append(StringBuilder text, CedarType type)
    {
        if (text.Length > MostText)
            return;
        switch (type.Kind)
        {
            case ValueKind.Entity:
                text.Append(Start(type.Entity!.Text));
                break;
            case ValueKind.Set:
                text.Append("Set<");
                Append(text, type.Element!);
                text.Append('>');
                break;
            case ValueKind.Record:
                AppendRecord(text, type.Attributes!);
                break;
            default:
                text.Append(Builtins.NameOf(type.Kind));
                break;
        }
    }

    private static void AppendRecord(StringBuilder text, IReadOnlyDictionary<string, SchemaAttribute> attributes)
    {
        var separator = "{";
        foreach (var (name, attribute) in attributes)
        {
            if (text.Length > MostText)
                return;
            text.Append(separator)
                .Append(Identifiers.IsName(Start(name)) ? Start(name) : Parsing.StringLiteral.Quote(Start(name).ToString()))
                .Append(attribute.IsRequired ? ": " : "?: ");
            Append(text, attribute.Type);
            separator = ", ";
        }

        text.Append(attributes.Count == 0 ? "{}" : "}");
    }

    private static ReadOnlySpan<char> Start(string name) => name.AsSpan(0, Math.Min(name.Length, MostText));

    // Types share inner types, so that a short schema can define a very large type.
    private static int Sum(int left, int right) => (int)Math.Min(int.MaxValue, (long)left + right);
}

/// <summary>An attribute of an entity or a record.</summary>
/// <param name="Type">The type of its value.</param>
/// <param name="IsRequired">Whether the attribute always exists. An optional attribute is written <c>name?: …</c>.</param>
public sealed record SchemaAttribute(CedarType Type, bool IsRequired);
