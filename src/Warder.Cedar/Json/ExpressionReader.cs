using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Json;

/// <summary>
/// Parses expressions in the JSON format of policies. An expression is an object with one field, whose name states the operator. (Cedar
/// documentation: "JSON policy format", Expr.)
/// </summary>
internal sealed class ExpressionReader(ValueJson values, JsonShape shape)
{
    private static readonly Dictionary<string, BinaryOperator> Binaries =
        Enum.GetValues<BinaryOperator>().ToDictionary(it => PolicyText.Infix(it) ?? PolicyText.Method(it)!);

    private static readonly Dictionary<string, UnaryOperator> Unaries = new()
    {
        ["!"] = UnaryOperator.Not, ["neg"] = UnaryOperator.Negate, ["isEmpty"] = UnaryOperator.IsEmpty,
    };

    private static readonly string[] Names =
    [
        "Value", "Var", "Set", "Record", ".", "has", "like", "is", "if-then-else", "&&", "||", .. Binaries.Keys, .. Unaries.Keys,
        .. ExtensionFunction.All.Select(function => function.Name),
    ];

    /// <summary>Parses an expression. Returns null when an error was reported.</summary>
    public Expression? Read(JsonNode node)
    {
        if (!node.IsObject || node.Fields.Length != 1)
        {
            shape.Fail(node.Span, "an expression is an object with one field", "for example `{\"Var\": \"principal\"}`");
            return null;
        }

        var (name, span, body) = node.Fields[0];
        if (Binaries.TryGetValue(name, out var binary))
            return Operands(body, name) is var (left, right) ? new BinaryExpression(binary, left, right) : null;
        if (Unaries.TryGetValue(name, out var unary))
            return shape.IsObject(body, $"`{name}`", "arg") && Operand(body, "arg") is { } operand
                ? new UnaryExpression(unary, operand)
                : null;
        if (ExtensionFunction.Find(name) is { } function)
            return List(body, $"`{name}`") is { } arguments ? new CallExpression(function, arguments) : null;
        return name switch
        {
            "Value" => Value(body),
            "Var" => Variable(body),
            "Set" => List(body, "`Set`") is { } elements ? new SetExpression(elements) : null,
            "Record" => Record(body),
            "." => Attribute(body),
            "has" => Has(body),
            "like" => Like(body),
            "is" => Is(body),
            "if-then-else" => If(body),
            "&&" or "||" => Chain(body, name),
            _ => Unknown(name, span),
        };
    }

    /// <summary>Converts a value to an expression that evaluates to it. Returns null when an error was reported.</summary>
    public Expression? Value(JsonNode node)
    {
        if (node.IsArray)
            return Each(node.Items, Value) is { } elements ? new SetExpression(elements) : null;
        if (ValueJson.ExtensionCall(node) is var (function, arguments))
        {
            if (values.Function(function) is not { } found || Each(arguments, Value) is not { } given)
                return null;
            return new CallExpression(found, given);
        }

        if (node.IsObject && !ValueJson.IsEscape(node))
            return Fields(node, Value);
        var value = values.Read(node);
        return value.IsNone ? null : new LiteralExpression(value);
    }

    private Expression? Unknown(string name, SourceSpan span)
    {
        _ = name == "Slot"
            ? shape.Fail(span, "a slot is not valid in a condition", "slots are valid only in scopes")
            : shape.Fail(span, $"there is no expression `{name}`", Spelling.Help(name, Names));
        return null;
    }

    private Expression? Operand(JsonNode node, string name) => shape.Field(node, name) is { } operand ? Read(operand) : null;

    private (Expression Left, Expression Right)? Operands(JsonNode node, string name)
        => shape.IsObject(node, $"`{name}`", "left", "right") && Operand(node, "left") is { } left && Operand(node, "right") is { } right
            ? (left, right)
            : null;

    private SyntaxList<Expression>? List(JsonNode node, string what) => shape.Items(node, what) is { } items ? Each(items, Read) : null;

    private static SyntaxList<Expression>? Each(JsonNode[] nodes, Func<JsonNode, Expression?> read)
    {
        var expressions = new Expression[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            if (read(nodes[i]) is not { } expression)
                return null;
            expressions[i] = expression;
        }

        return new SyntaxList<Expression>(expressions);
    }

    // A left-associative chain is one expression, as in policy syntax.
    private Expression? Chain(JsonNode body, string name)
    {
        if (Operands(body, name) is not var (left, right))
            return null;
        if (name == "&&")
            return new AndExpression(left is AndExpression and ? [.. and.Operands, right] : [left, right]);
        return new OrExpression(left is OrExpression or ? [.. or.Operands, right] : [left, right]);
    }

    private VariableExpression? Variable(JsonNode node)
    {
        foreach (var variable in Enum.GetValues<Variable>())
        {
            if (node.IsString && node.Text == PolicyText.Name(variable))
                return new VariableExpression(variable);
        }

        shape.Fail(node.Span, "a variable is `principal`, `action`, `resource` or `context`");
        return null;
    }

    private RecordExpression? Record(JsonNode node)
    {
        if (node.IsObject)
            return Fields(node, Read);
        shape.Fail(node.Span, "`Record` is an object");
        return null;
    }

    private static RecordExpression? Fields(JsonNode node, Func<JsonNode, Expression?> read)
    {
        var fields = new RecordField[node.Fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            if (read(node.Fields[i].Value) is not { } value)
                return null;
            fields[i] = new RecordField(node.Fields[i].Name, value);
        }

        return new RecordExpression(new SyntaxList<RecordField>(fields));
    }

    private AttributeExpression? Attribute(JsonNode body)
        => shape.IsObject(body, "`.`", "left", "attr") && Operand(body, "left") is { } left && shape.Text(body, "attr") is { } attribute
            ? new AttributeExpression(left, attribute)
            : null;

    // A path is an array of names. Only here the official engine ignores additional fields.
    private HasExpression? Has(JsonNode body)
    {
        if (Operand(body, "left") is not { } left || shape.Field(body, "attr") is not { } attribute)
            return null;
        if (attribute.IsString)
            return new HasExpression(left, [attribute.Text]);
        if (attribute is { IsArray: true, Items.Length: > 0 } && attribute.Items.All(name => name.IsString))
            return new HasExpression(left, [.. attribute.Items.Select(name => name.Text)]);
        shape.Fail(attribute.Span, "`attr` is a string, or an array of them");
        return null;
    }

    private LikeExpression? Like(JsonNode body)
    {
        if (!shape.IsObject(body, "`like`", "left", "pattern") || Operand(body, "left") is not { } left
            || shape.Field(body, "pattern") is not { } pattern
            || shape.Items(pattern, "`pattern`") is not { } pieces)
            return null;
        var builder = new Pattern.Builder();
        foreach (var piece in pieces)
        {
            if (piece is { IsString: true, Text: "Wildcard" })
            {
                builder.Wildcard();
            }
            else if (piece is { IsObject: true, Fields: [{ Name: "Literal", Value: { IsString: true } literal }] })
            {
                builder.Literal(literal.Text);
            }
            else
            {
                shape.Fail(piece.Span, "a piece of a pattern is `\"Wildcard\"` or `{\"Literal\": \"…\"}`");
                return null;
            }
        }

        return new LikeExpression(left, builder.Build());
    }

    private IsExpression? Is(JsonNode body)
    {
        if (!shape.IsObject(body, "`is`", "left", "entity_type", "in") || Operand(body, "left") is not { } left
            || shape.Type(body, "entity_type") is not { } type)
            return null;
        Expression? within = null;
        if (body["in"] is { } group && (within = Read(group)) is null)
            return null;
        return new IsExpression(left, type, within);
    }

    private IfExpression? If(JsonNode body)
        => shape.IsObject(body, "`if-then-else`", "if", "then", "else") && Operand(body, "if") is { } condition
            && Operand(body, "then") is { } then
            && Operand(body, "else") is { } otherwise
                ? new IfExpression(condition, then, otherwise)
                : null;
}
