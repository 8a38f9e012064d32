using System.Globalization;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Parsing;

/// <summary>
/// Parses the operands of operators: literals, names, calls, sets, records, and the accesses that follow them after a dot or in brackets.
/// </summary>
internal sealed class PrimaryParser(TokenReader tokens, ExpressionParser expressions, Limits limits)
{
    private static readonly string[] Variables = ["principal", "action", "resource", "context"];
    private static readonly string[] MethodNames =
    [
        "contains", "containsAll", "containsAny", "isEmpty", "getTag", "hasTag",
        .. ExtensionFunction.All.Where(it => !it.IsConstructor).Select(it => it.Name),
    ];

    private static readonly string[] FunctionNames = [.. ExtensionFunction.All.Where(it => it.IsConstructor).Select(it => it.Name)];

    /// <summary>Parses a primary expression with its accesses.</summary>
    public Expression? Member()
    {
        var first = tokens.Current;
        return Primary(first) is { } primary ? Accesses(primary, first) : null;
    }

    /// <summary>Parses the accesses after dots and in brackets.</summary>
    public Expression? Accesses(Expression operand, Token first)
    {
        var expression = operand;
        while (expression is not null)
        {
            if (tokens.TryTake(TokenKind.Dot))
            {
                expression = Dot(expression, first);
            }
            else if (tokens.TryTake(TokenKind.OpenBracket))
            {
                expression = Index(expression, first);
            }
            else if (tokens.Current.Kind == TokenKind.OpenParenthesis)
            {
                tokens.Unexpected("an operator", "only functions and methods can be called");
                return null;
            }
            else
            {
                return expression;
            }
        }

        return null;
    }

    /// <summary>Converts an integer literal without a minus.</summary>
    public LiteralExpression? Integer(Token token)
    {
        if (long.TryParse(token.TextIn(tokens.Source.Text), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return new LiteralExpression(number) { Span = token.Span };
        tokens.Diagnostics.Error(token.Span, SyntaxCodes.IntegerTooLarge, $"the largest integer is {long.MaxValue}");
        return null;
    }

    private Expression? Primary(Token first)
    {
        switch (first.Kind)
        {
            case TokenKind.True or TokenKind.False:
                tokens.Take();
                return new LiteralExpression(first.Kind == TokenKind.True) { Span = first.Span };
            case TokenKind.Integer:
                return Integer(tokens.Take());
            case TokenKind.String:
                return tokens.ReadString() is { } text ? new LiteralExpression(text) { Span = first.Span } : null;
            case TokenKind.OpenParenthesis:
                tokens.Take();
                return expressions.Expression() is { } inner && tokens.Expect(TokenKind.CloseParenthesis, "`)` or an operator")
                    ? inner
                    : null;
            case TokenKind.OpenBracket:
                tokens.Take();
                return List(TokenKind.CloseBracket, "`,` or `]`") is { } elements
                    ? new SetExpression(elements) { Span = tokens.SpanFrom(first) }
                    : null;
            case TokenKind.OpenBrace:
                tokens.Take();
                return Record(first);
            case TokenKind.Slot:
                tokens.Diagnostics.Error(
                    first.Span, SyntaxCodes.InvalidSlot, $"`{tokens.CurrentText}` is not valid in a condition",
                    "slots are valid only in scopes");
                return null;
            default:
                return first.IsWord ? Named(first) : NoExpression();
        }
    }

    private Expression? NoExpression()
    {
        tokens.Unexpected("an expression");
        return null;
    }

    private Expression? Named(Token first)
    {
        Variable? variable = tokens.CurrentText switch
        {
            "principal" => Variable.Principal,
            "action" => Variable.Action,
            "resource" => Variable.Resource,
            "context" => Variable.Context,
            _ => null,
        };
        if (tokens.ReadPath("a name", out var isBeforeString) is not { } path)
            return null;
        if (isBeforeString)
            return tokens.ReadUid(path) is { } uid ? new LiteralExpression(uid) { Span = tokens.SpanFrom(first) } : null;
        if (tokens.Current.Kind == TokenKind.OpenParenthesis)
            return Function(path, first);
        if (variable is not null && path.Length == first.Length)
            return new VariableExpression(variable.Value) { Span = first.Span };
        var help = Spelling.Help(path, Variables)
            ?? "write a string in quotation marks, and an entity as `Type::\"id\"`";
        tokens.Diagnostics.Error(tokens.SpanFrom(first), SyntaxCodes.UnknownName, $"`{path}` is no variable", help);
        return null;
    }

    private CallExpression? Function(string name, Token first)
    {
        var span = tokens.SpanFrom(first);
        tokens.Take();
        var function = ExtensionFunction.Find(name);
        if (function is { IsConstructor: true })
            return Arguments() is { } arguments ? new CallExpression(function, arguments) { Span = tokens.SpanFrom(first) } : null;
        if (function is not null || Array.IndexOf(MethodNames, name) >= 0)
            tokens.Diagnostics.Error(span, SyntaxCodes.WrongCallStyle, $"`{name}` is a method", $"write `… .{name}(…)`");
        else
            tokens.Diagnostics.Error(span, SyntaxCodes.UnknownName, $"`{name}` is no function", Spelling.Help(name, FunctionNames));
        return null;
    }

    private Expression? Dot(Expression operand, Token first)
    {
        var word = tokens.Current;
        if (tokens.ReadName("an attribute or a method") is not { } name)
            return null;
        if (!tokens.TryTake(TokenKind.OpenParenthesis))
            return new AttributeExpression(operand, name) { Span = tokens.SpanFrom(first) };
        if (ExtensionFunction.Find(name) is { } function && !function.IsConstructor)
            return Arguments() is { } arguments
                ? new CallExpression(function, [operand, .. arguments]) { Span = tokens.SpanFrom(first) }
                : null;
        if (Array.IndexOf(MethodNames, name) >= 0)
            return Method(name, word, operand, first);
        if (Array.IndexOf(FunctionNames, name) >= 0)
            tokens.Diagnostics.Error(word.Span, SyntaxCodes.WrongCallStyle, $"`{name}` is a function", $"write `{name}(…)`");
        else
            tokens.Diagnostics.Error(word.Span, SyntaxCodes.UnknownName, $"`{name}` is no method", Spelling.Help(name, MethodNames));
        return null;
    }

    private Expression? Method(string name, Token word, Expression operand, Token first)
    {
        if (Arguments() is not { } arguments)
            return null;
        var expected = name == "isEmpty" ? 0 : 1;
        if (arguments.Count != expected)
        {
            var count = expected == 0 ? "no argument" : "one argument";
            tokens.Diagnostics.Error(word.Span, SyntaxCodes.WrongArgumentCount, $"`{name}` takes {count}, not {arguments.Count}");
            return null;
        }

        var span = tokens.SpanFrom(first);
        return name switch
        {
            "isEmpty" => new UnaryExpression(UnaryOperator.IsEmpty, operand) { Span = span },
            "contains" => new BinaryExpression(BinaryOperator.Contains, operand, arguments[0]) { Span = span },
            "containsAll" => new BinaryExpression(BinaryOperator.ContainsAll, operand, arguments[0]) { Span = span },
            "containsAny" => new BinaryExpression(BinaryOperator.ContainsAny, operand, arguments[0]) { Span = span },
            "getTag" => new BinaryExpression(BinaryOperator.GetTag, operand, arguments[0]) { Span = span },
            _ => new BinaryExpression(BinaryOperator.HasTag, operand, arguments[0]) { Span = span },
        };
    }

    private AttributeExpression? Index(Expression operand, Token first)
    {
        if (tokens.Current.Kind != TokenKind.String)
        {
            tokens.Unexpected("an attribute's name in quotation marks", "the name in brackets must be a string literal");
            return null;
        }

        return tokens.ReadString() is { } name && tokens.Expect(TokenKind.CloseBracket, "`]`")
            ? new AttributeExpression(operand, name) { Span = tokens.SpanFrom(first) }
            : null;
    }

    private SyntaxList<Expression>? Arguments() => List(TokenKind.CloseParenthesis, "`,` or `)`");

    private SyntaxList<Expression>? List(TokenKind end, string separators)
    {
        if (tokens.TryTake(end))
            return new SyntaxList<Expression>();
        var items = new List<Expression>();
        do
        {
            if (expressions.Expression() is not { } item || IsOneTooMany(items.Count, item.Span))
                return null;
            items.Add(item);
            if (tokens.Current.Kind != end && !tokens.Expect(TokenKind.Comma, separators))
                return null;
        }
        while (!tokens.TryTake(end));

        return [.. items];
    }

    private RecordExpression? Record(Token first)
    {
        var fields = new List<RecordField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!tokens.TryTake(TokenKind.CloseBrace))
        {
            var key = tokens.Current;
            var name = key.Kind == TokenKind.String ? tokens.ReadString() : tokens.ReadName("a field's name or `}`");
            if (name is null)
                return null;
            if (!names.Add(name))
            {
                tokens.Diagnostics.Error(key.Span, SyntaxCodes.Duplicate, $"the field `{name}` occurs twice");
                return null;
            }

            if (!tokens.Expect(TokenKind.Colon, "`:`") || expressions.Expression() is not { } value
                || IsOneTooMany(fields.Count, value.Span))
                return null;
            fields.Add(new RecordField(name, value));
            if (tokens.Current.Kind != TokenKind.CloseBrace && !tokens.Expect(TokenKind.Comma, "`,` or `}`"))
                return null;
        }

        return new RecordExpression([.. fields]) { Span = tokens.SpanFrom(first) };
    }

    private bool IsOneTooMany(int count, SourceSpan span)
    {
        if (count < limits.Elements)
            return false;
        tokens.Diagnostics.Error(span, SyntaxCodes.LimitExceeded, $"there may be at most {limits.Elements} elements");
        return true;
    }
}
