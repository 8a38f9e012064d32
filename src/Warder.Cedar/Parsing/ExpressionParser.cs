using System.Globalization;
using System.Runtime.CompilerServices;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Parsing;

/// <summary>
/// Parses expressions: operators with their precedence, and nesting. Each method returns null when an error was reported.
/// </summary>
internal sealed class ExpressionParser
{
    private const int MostSigns = 4;

    private readonly TokenReader _tokens;
    private readonly Limits _limits;
    private readonly PrimaryParser _primaries;
    private int _nesting;

    public ExpressionParser(TokenReader tokens, Limits limits)
    {
        (_tokens, _limits) = (tokens, limits);
        _primaries = new PrimaryParser(tokens, this, limits);
    }

    // In ascending order.
    private enum Precedence
    {
        None,
        Or,
        And,
        Relation,
        Sum,
        Product,
    }

    /// <summary>
    /// Parses any expression. All nesting starts in this method, so it alone enforces the bound: <see cref="Limits.Depth"/>, and on a small
    /// stack the remaining stack space.
    /// </summary>
    public Expression? Expression()
    {
        var first = _tokens.Current;
        if (_nesting == Limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            TooDeep(first.Span);
            return null;
        }

        _nesting++;
        var expression = first.Kind == TokenKind.If ? If(first) : Operation(Precedence.Or);
        _nesting--;
        if (expression is not null && expression.Depth > Limits.Depth)
        {
            TooDeep(expression.Span);
            return null;
        }

        return expression;
    }

    private void TooDeep(SourceSpan span)
        => _tokens.Diagnostics.Error(span, SyntaxCodes.LimitExceeded, $"expressions may be nested at most {Limits.Depth} deep");

    private IfExpression? If(Token first)
    {
        _tokens.Take();
        return Expression() is { } condition && _tokens.Expect(TokenKind.Then, "`then`")
            && Expression() is { } then && _tokens.Expect(TokenKind.Else, "`else`") && Expression() is { } otherwise
                ? new IfExpression(condition, then, otherwise) { Span = _tokens.SpanFrom(first) }
                : null;
    }

    // Precedence climbing: the method consumes operators whose precedence is at least the given one.
    private Expression? Operation(Precedence least)
    {
        var first = _tokens.Current;
        var left = Signed();
        while (left is not null)
        {
            var precedence = Of(_tokens.Current.Kind);
            if (precedence == Precedence.None || precedence < least)
                return left;
            left = precedence switch
            {
                Precedence.Or or Precedence.And => Chain(left, first, precedence),
                Precedence.Relation => Relation(left, first),
                _ => Arithmetic(left, first, precedence),
            };
        }

        return null;
    }

    private static Precedence Of(TokenKind kind) => kind switch
    {
        TokenKind.Or => Precedence.Or,
        TokenKind.And => Precedence.And,
        TokenKind.Plus or TokenKind.Minus => Precedence.Sum,
        TokenKind.Star or TokenKind.Slash or TokenKind.Percent => Precedence.Product,
        TokenKind.In or TokenKind.Is or TokenKind.Like or TokenKind.Has or TokenKind.Assign
            or (>= TokenKind.Equal and <= TokenKind.GreaterOrEqual) => Precedence.Relation,
        _ => Precedence.None,
    };

    private Expression? Chain(Expression left, Token first, Precedence precedence)
    {
        // A left-associative chain is one expression, with or without parentheses.
        List<Expression> operands = (precedence, left) switch
        {
            (Precedence.Or, OrExpression or) => [.. or.Operands],
            (Precedence.And, AndExpression and) => [.. and.Operands],
            _ => [left],
        };
        var kind = _tokens.Current.Kind;
        while (_tokens.TryTake(kind))
        {
            if (Operation(precedence + 1) is not { } operand)
                return null;
            operands.Add(operand);
            if (operands.Count > _limits.Elements)
            {
                _tokens.Diagnostics.Error(
                    operand.Span, SyntaxCodes.LimitExceeded, $"a chain may have at most {_limits.Elements} operands");
                return null;
            }
        }

        var span = _tokens.SpanFrom(first);
        return kind == TokenKind.Or ? new OrExpression([.. operands]) { Span = span } : new AndExpression([.. operands]) { Span = span };
    }

    private Expression? Relation(Expression left, Token first)
    {
        var relation = _tokens.Take();
        Expression? expression = relation.Kind switch
        {
            TokenKind.Has => Has(left, first),
            TokenKind.Like => Like(left, first),
            TokenKind.Is => Is(left, first),
            TokenKind.Assign => Unsupported(relation, "equality is written `==`"),
            _ => Operation(Precedence.Sum) is { } right
                ? new BinaryExpression(OperatorOf(relation.Kind), left, right) { Span = _tokens.SpanFrom(first) }
                : null,
        };
        if (expression is null || Of(_tokens.Current.Kind) < Precedence.Relation)
            return expression;

        // The right side of `has`, `like` and `is` is a name, a pattern or a type, so no arithmetic operator may follow it.
        if (Of(_tokens.Current.Kind) > Precedence.Relation)
        {
            _tokens.Unexpected("`&&`, `||` or the end of the expression");
            return null;
        }

        _tokens.Diagnostics.Error(
            _tokens.Current.Span, SyntaxCodes.AmbiguousOperators, "relational operators cannot be chained",
            "use parentheses to state the grouping");
        return null;
    }

    private static BinaryOperator OperatorOf(TokenKind kind) => kind switch
    {
        TokenKind.Equal => BinaryOperator.Equal,
        TokenKind.NotEqual => BinaryOperator.NotEqual,
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.LessOrEqual => BinaryOperator.LessOrEqual,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
        TokenKind.Plus => BinaryOperator.Add,
        TokenKind.Minus => BinaryOperator.Subtract,
        TokenKind.Star => BinaryOperator.Multiply,
        _ => BinaryOperator.In,
    };

    private HasExpression? Has(Expression left, Token first)
    {
        if (_tokens.Current.Kind == TokenKind.String)
            return _tokens.ReadString() is { } text ? new HasExpression(left, [text]) { Span = _tokens.SpanFrom(first) } : null;
        var path = new List<string>();
        do
        {
            if (_tokens.ReadName("an attribute's name") is not { } name)
                return null;
            path.Add(name);
        }
        while (_tokens.TryTake(TokenKind.Dot));

        if (path.Count <= _limits.Elements)
            return new HasExpression(left, [.. path]) { Span = _tokens.SpanFrom(first) };
        _tokens.Diagnostics.Error(_tokens.SpanFrom(first), SyntaxCodes.LimitExceeded, $"a path may have at most {_limits.Elements} names");
        return null;
    }

    private LikeExpression? Like(Expression left, Token first)
    {
        if (_tokens.Current.Kind != TokenKind.String)
        {
            _tokens.Unexpected("a pattern in quotation marks");
            return null;
        }

        var token = _tokens.Take();
        return StringLiteral.ReadPattern(_tokens.Source.Text, token, _tokens.Diagnostics) is { } pattern
            ? new LikeExpression(left, pattern) { Span = _tokens.SpanFrom(first) }
            : null;
    }

    private IsExpression? Is(Expression left, Token first)
    {
        if (_tokens.ReadType() is not { } type)
            return null;
        Expression? within = null;
        if (_tokens.TryTake(TokenKind.In) && (within = Operation(Precedence.Sum)) is null)
            return null;
        return new IsExpression(left, type, within) { Span = _tokens.SpanFrom(first) };
    }

    private BinaryExpression? Arithmetic(Expression left, Token first, Precedence precedence)
    {
        var sign = _tokens.Take();
        if (sign.Kind is TokenKind.Slash or TokenKind.Percent)
            return Unsupported(sign, "Cedar has `+`, `-` and `*`");
        return Operation(precedence + 1) is { } right
            ? new BinaryExpression(OperatorOf(sign.Kind), left, right) { Span = _tokens.SpanFrom(first) }
            : null;
    }

    private BinaryExpression? Unsupported(Token token, string help)
    {
        _tokens.Diagnostics.Error(
            token.Span, SyntaxCodes.UnsupportedOperator, $"Cedar has no operator `{token.TextIn(_tokens.Source.Text)}`", help);
        return null;
    }

    // A member may have up to four signs of one kind before it.
    private Expression? Signed()
    {
        var kind = _tokens.Current.Kind;
        if (kind is not (TokenKind.Not or TokenKind.Minus))
            return _primaries.Member();
        Span<int> signs = stackalloc int[MostSigns];
        var count = 0;
        while (_tokens.Current.Kind == kind)
        {
            var sign = _tokens.Take();
            if (count == MostSigns)
            {
                _tokens.Diagnostics.Error(
                    sign.Span, SyntaxCodes.AmbiguousOperators,
                    $"`{sign.TextIn(_tokens.Source.Text)}` is repeated more than {MostSigns} times",
                    "parentheses permit more");
                return null;
            }

            signs[count++] = sign.Start;
        }

        // A minus directly before digits is part of the literal. Otherwise the smallest integer could not be written.
        var operand = kind == TokenKind.Minus && _tokens.Current.Kind == TokenKind.Integer
            ? Negative(signs[..count], ref count)
            : _primaries.Member();
        for (; operand is not null && count > 0; count--)
        {
            var unary = kind == TokenKind.Not ? UnaryOperator.Not : UnaryOperator.Negate;
            operand = new UnaryExpression(unary, operand)
            {
                Span = new SourceSpan(signs[count - 1], _tokens.Previous.End - signs[count - 1]),
            };
        }

        return operand;
    }

    private Expression? Negative(ReadOnlySpan<int> signs, ref int count)
    {
        var digits = _tokens.Take();
        if (_tokens.Current.Kind is TokenKind.Dot or TokenKind.OpenBracket or TokenKind.OpenParenthesis)
            return _primaries.Integer(digits) is { } number ? _primaries.Accesses(number, digits) : null;
        var start = signs[--count];
        var span = new SourceSpan(start, digits.End - start);
        if (ulong.TryParse(digits.TextIn(_tokens.Source.Text), NumberStyles.None, CultureInfo.InvariantCulture, out var magnitude)
            && magnitude <= 1UL << 63)
            return new LiteralExpression(unchecked(-(long)magnitude)) { Span = span };
        _tokens.Diagnostics.Error(span, SyntaxCodes.IntegerTooLarge, $"the smallest integer is {long.MinValue}");
        return null;
    }
}
