using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Json;

/// <summary>
/// Reads values from JSON, without a schema to tell what is meant: entities and extension values stand in escapes. An object with an
/// escape's name that does not have its form, or has another field beside it, is a record like any other. (Cedar documentation: "Entities
/// and context syntax".)
/// </summary>
internal sealed class ValueJson(Limits limits, DiagnosticBag diagnostics)
{
    /// <summary>The limits that hold for what is read.</summary>
    public Limits Limits { get; } = limits;

    /// <summary>A document that is a record, or what is wrong with it.</summary>
    public static Parsed<CedarRecord> ReadRecord(SourceText source, Limits limits)
    {
        var diagnostics = new DiagnosticBag(source, limits.Errors);
        if (JsonText.Parse(source, limits, diagnostics) is { } document)
        {
            var reader = new ValueJson(limits, diagnostics);
            if (reader.Read(document).TryGet(out CedarRecord? record))
                return new Parsed<CedarRecord>(record);
            if (!diagnostics.HasErrors)
                reader.Error(document, "a record is expected");
        }

        return new Parsed<CedarRecord>(diagnostics.Found);
    }

    /// <summary>A value; none when it was reported.</summary>
    public Value Read(JsonNode node)
    {
        switch (node.Kind)
        {
            case JsonKind.True or JsonKind.False:
                return node.Kind == JsonKind.True;
            case JsonKind.Integer:
                return node.Integer;
            case JsonKind.String:
                return node.Text;
            case JsonKind.Array:
                return Set(node);
            case JsonKind.Object:
                return Object(node);
            case JsonKind.Number:
                return Error(node, "Cedar has no numbers but integers of 64 bits", "`decimal` values are `{\"__extn\": {\"fn\": \"decimal\", \"arg\": \"1.5\"}}`");
            default:
                return Error(node, "Cedar has no null", "leave the attribute out");
        }
    }

    /// <summary>An object as a record, whatever the names of its fields; null when it was reported.</summary>
    public CedarRecord? Record(JsonNode node)
    {
        var names = new string[node.Fields.Length];
        var values = new Value[node.Fields.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = node.Fields[i].Name;
            values[i] = Read(node.Fields[i].Value);
            if (values[i].IsNone)
                return null;
        }

        // JSON objects have no name twice.
        CedarRecord.TryCreate(names, values, out var record, out _);
        return record;
    }

    /// <summary>An entity's name, in an escape or without; null when it was reported.</summary>
    public EntityUid? Uid(JsonNode node)
    {
        if (node["__expr"] is not { IsString: true }
            && (TryTypeAndId(node["__entity"]?.WithNames("type", "id")) ?? TryTypeAndId(node.WithNames("type", "id"))) is { } inner)
            return Uid(inner.Type, inner.Id);
        Error(node, "an entity's name is expected", "it is `{\"type\": \"User\", \"id\": \"alice\"}`");
        return null;
    }

    private Value Set(JsonNode node)
    {
        var values = new Value[node.Items.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Read(node.Items[i]);
            if (values[i].IsNone)
                return default;
        }

        return CedarSet.Of(values);
    }

    /// <summary>Reports an escape that there once was.</summary>
    public Value Expression(JsonNode node) => Error(node, "expressions are no values", "use `__entity` or `__extn`");

    /// <summary>Whether an object stands for something else than a record.</summary>
    public static bool IsEscape(JsonNode node) => IsExpression(node) || EntityName(node) is not null || ExtensionCall(node) is not null;

    /// <summary>The function and the arguments of an extension value's escape; null when it is none.</summary>
    public static (JsonNode Function, JsonNode[] Arguments)? ExtensionCall(JsonNode node) => node.Fields is [{ Name: "__extn", Value: var call }] ? TryCall(call) : null;

    /// <summary>
    /// The function and the arguments of an extension value, without an escape; null when it is none, or has numbers that are none of
    /// Cedar's.
    /// </summary>
    public static (JsonNode Function, JsonNode[] Arguments)? TryCall(JsonNode? node)
    {
        if (node?["fn"] is not { IsString: true } function)
            return null;
        if (node["arg"] is { } argument && IsReadable(argument))
            return (function, [argument]);
        return node["args"] is { IsArray: true } arguments && IsReadable(arguments) ? (function, arguments.Items) : null;
    }

    /// <summary>The function that a string names; null when there is none, which was reported.</summary>
    public ExtensionFunction? Function(JsonNode name)
    {
        var function = ExtensionFunction.Find(name.Text);
        if (function is null)
            Error(name, $"`{name.Text}` is no function", Spelling.Help(name.Text, ExtensionFunction.All.Select(it => it.Name)));
        return function;
    }

    private Value Object(JsonNode node)
    {
        if (IsExpression(node))
            return Expression(node);

        // An escape is not looked at beyond what it needs, but for numbers that are none of Cedar's.
        if (IsEscape(node) && !IsReadable(node))
            return Error(node, "Cedar has no numbers but integers of 64 bits");
        if (EntityName(node) is { } inner)
            return Uid(inner.Type, inner.Id) is { } uid ? uid : default(Value);
        if (ExtensionCall(node) is var (function, arguments))
            return Call(function, arguments, (argument, _) => Read(argument));
        return Record(node) is { } record ? record : default(Value);
    }

    /// <summary>What a function of the extension types gives; none when it was reported.</summary>
    /// <param name="name">Where its name stands.</param>
    /// <param name="arguments">Where its arguments do.</param>
    /// <param name="read">Reads an argument, of which the function says what it should be.</param>
    public Value Call(JsonNode name, JsonNode[] arguments, Func<JsonNode, ValueKind, Value> read)
    {
        if (Function(name) is not { } function)
            return default;
        var values = new Value[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = read(arguments[i], i < function.Parameters.Count ? function.Parameters[i] : ValueKind.None);
            if (values[i].IsNone)
                return default;
        }

        var value = function.Call(values, out var problem);
        return value.IsNone ? Error(name, problem!) : value;
    }

    private static bool IsReadable(JsonNode node)
        => node.Kind != JsonKind.Number && Array.TrueForAll(node.Items, IsReadable) && Array.TrueForAll(node.Fields, field => IsReadable(field.Value));

    private static bool IsExpression(JsonNode node) => node.Fields is [{ Name: "__expr", Value.IsString: true }];

    private static (JsonNode Type, JsonNode Id)? EntityName(JsonNode node) => node.Fields is [{ Name: "__entity", Value: var name }] ? TryTypeAndId(name) : null;

    private static (JsonNode Type, JsonNode Id)? TryTypeAndId(JsonNode? node)
        => node?["type"] is { IsString: true } type && node["id"] is { IsString: true } id ? (type, id) : null;

    private EntityUid? Uid(JsonNode type, JsonNode id)
    {
        if (EntityTypeName.TryParse(type.Text, out var name))
            return new EntityUid(name, id.Text);
        Error(type, $"`{type.Text}` is no entity type", "a type is `User` or `Shop::Order`, without blanks and reserved words");
        return null;
    }

    private Value Error(JsonNode node, string message, string? help = null)
    {
        diagnostics.Error(node.Span, SyntaxCodes.InvalidShape, message, help);
        return default;
    }
}
