using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Json;

/// <summary>
/// Parses values in JSON without a schema. Entities and extension values need escapes. An object with the name of an escape but another
/// form, or with a further field, is an ordinary record. (Cedar documentation: "Entities and context syntax".)
/// </summary>
internal sealed class ValueJson(Limits limits, DiagnosticBag diagnostics)
{
    /// <summary>The bounds on the input.</summary>
    public Limits Limits { get; } = limits;

    /// <summary>Parses a document that contains a record.</summary>
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

    /// <summary>Parses a value. Returns no value when an error was reported.</summary>
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
                return Error(
                    node, "Cedar has no numbers but integers of 64 bits",
                    "`decimal` values are `{\"__extn\": {\"fn\": \"decimal\", \"arg\": \"1.5\"}}`");
            default:
                return Error(node, "Cedar has no null", "leave the attribute out");
        }
    }

    /// <summary>Parses an object as a record with any field names. Returns null when an error was reported.</summary>
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

        // The JSON parser has rejected duplicate names.
        CedarRecord.TryCreate(names, values, out var record, out _);
        return record;
    }

    /// <summary>Parses a uid with or without an escape. Returns null when an error was reported.</summary>
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

    /// <summary>Reports the escape <c>__expr</c>, which earlier versions of Cedar had.</summary>
    public Value Expression(JsonNode node) => Error(node, "expressions are no values", "use `__entity` or `__extn`");

    /// <summary>Whether an object is an escape rather than a record.</summary>
    public static bool IsEscape(JsonNode node) => IsExpression(node) || EntityName(node) is not null || ExtensionCall(node) is not null;

    /// <summary>Returns the function and the arguments of an escaped extension value; null for any other value.</summary>
    public static (JsonNode Function, JsonNode[] Arguments)? ExtensionCall(JsonNode node)
        => node.Fields is [{ Name: "__extn", Value: var call }] ? TryCall(call) : null;

    /// <summary>
    /// Returns the function and the arguments of an extension value without an escape; null for any other value, and for one with a
    /// number that Cedar does not have.
    /// </summary>
    public static (JsonNode Function, JsonNode[] Arguments)? TryCall(JsonNode? node)
    {
        if (node?["fn"] is not { IsString: true } function)
            return null;
        if (node["arg"] is { } argument && IsReadable(argument))
            return (function, [argument]);
        return node["args"] is { IsArray: true } arguments && IsReadable(arguments) ? (function, arguments.Items) : null;
    }

    /// <summary>Finds the function with a name. Returns null and reports an error when there is none.</summary>
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

        // An escape is read only as far as needed, but a number that Cedar does not have is an error anywhere in it.
        if (IsEscape(node) && !IsReadable(node))
            return Error(node, "Cedar has no numbers but integers of 64 bits");
        if (EntityName(node) is { } inner)
            return Uid(inner.Type, inner.Id) is { } uid ? uid : default(Value);
        if (ExtensionCall(node) is var (function, arguments))
            return Call(function, arguments, (argument, _) => Read(argument));
        return Record(node) is { } record ? record : default(Value);
    }

    /// <summary>Calls a function of an extension type. Returns no value when an error was reported.</summary>
    /// <param name="name">The name of the function.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="read">Reads an argument of the kind that the function expects.</param>
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
        => node.Kind != JsonKind.Number && Array.TrueForAll(node.Items, IsReadable)
            && Array.TrueForAll(node.Fields, field => IsReadable(field.Value));

    private static bool IsExpression(JsonNode node) => node.Fields is [{ Name: "__expr", Value.IsString: true }];

    private static (JsonNode Type, JsonNode Id)? EntityName(JsonNode node)
        => node.Fields is [{ Name: "__entity", Value: var name }] ? TryTypeAndId(name) : null;

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
