using Warder.Cedar.Values;

namespace Warder.Cedar.Syntax;

/// <summary>
/// An expression, as it stands in a condition. Immutable. Two are equal when they are written alike: places, parentheses and comments do
/// not count. (Cedar documentation: "Grammar", Expr.)
/// </summary>
public abstract record Expression
{
    private protected Expression(int depth, long size) => (Depth, Size) = (depth, size);

    /// <summary>Where it stands in the text of its policy; empty when it was not read from text.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>How deep it is nested: 1 when it has no operands.</summary>
    public int Depth { get; }

    /// <summary>How much there is to read of it: its parts, and their text.</summary>
    internal long Size { get; }

    /// <inheritdoc/>
    public virtual bool Equals(Expression? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>As policies write it.</summary>
    public sealed override string ToString() => PolicyText.Of(this);

    private protected static long SizeOf(SyntaxList<Expression> operands)
    {
        var size = 1L;
        foreach (var operand in operands.Span)
            size += operand.Size;
        return size;
    }

    private protected static long SizeOf(string text) => Values.Value.WeightOf(text.Length);

    private protected static int DeepestOf(SyntaxList<Expression> operands)
    {
        var depth = 0;
        foreach (var operand in operands.Span)
            depth = Math.Max(depth, operand.Depth);
        return depth;
    }
}

/// <summary>A boolean, an integer (with its sign), a string or an entity's name.</summary>
/// <param name="Value">What it is.</param>
public sealed record LiteralExpression(Value Value) : Expression(1, Value.Weight);

/// <summary>A part of the request.</summary>
/// <param name="Variable">Which.</param>
public sealed record VariableExpression(Variable Variable) : Expression(1, 1);

/// <summary><c>if condition then one else another</c></summary>
/// <param name="Condition">What decides.</param>
/// <param name="Then">What it is when the condition holds.</param>
/// <param name="Else">What it is otherwise.</param>
public sealed record IfExpression(Expression Condition, Expression Then, Expression Else)
    : Expression(1 + Math.Max(Condition.Depth, Math.Max(Then.Depth, Else.Depth)), 1 + Condition.Size + Then.Size + Else.Size);

/// <summary>
/// <c>a &amp;&amp; b &amp;&amp; c</c>: true when all operands are; behind the first false one, none is looked at. A chain that is grouped
/// from the left is one expression, however long; <c>a &amp;&amp; (b &amp;&amp; c)</c> is one inside another.
/// </summary>
/// <param name="Operands">Two or more.</param>
public sealed record AndExpression(SyntaxList<Expression> Operands) : Expression(1 + DeepestOf(Operands), SizeOf(Operands));

/// <summary>
/// <c>a || b || c</c>: true when some operand is; behind the first true one, none is looked at. A chain is one expression, as with <see
/// cref="AndExpression"/>.
/// </summary>
/// <param name="Operands">Two or more.</param>
public sealed record OrExpression(SyntaxList<Expression> Operands) : Expression(1 + DeepestOf(Operands), SizeOf(Operands));

/// <summary>An operator, or a method without arguments, on one operand.</summary>
/// <param name="Operator">Which.</param>
/// <param name="Operand">On what.</param>
public sealed record UnaryExpression(UnaryOperator Operator, Expression Operand) : Expression(1 + Operand.Depth, 1 + Operand.Size);

/// <summary>An operator between two operands, or a method with one argument.</summary>
/// <param name="Operator">Which.</param>
/// <param name="Left">What stands before it.</param>
/// <param name="Right">What stands behind it.</param>
public sealed record BinaryExpression(BinaryOperator Operator, Expression Left, Expression Right) : Expression(1 + Math.Max(Left.Depth, Right.Depth), 1 + Left.Size + Right.Size);

/// <summary><c>a.name</c> or <c>a["name"]</c></summary>
/// <param name="Operand">An entity or a record.</param>
/// <param name="Attribute">The attribute's name.</param>
public sealed record AttributeExpression(Expression Operand, string Attribute) : Expression(1 + Operand.Depth, SizeOf(Attribute) + Operand.Size);

/// <summary><c>a has name</c>, <c>a has "name"</c> or <c>a has b.c.d</c></summary>
/// <param name="Operand">An entity or a record.</param>
/// <param name="Path">
/// The attribute's name; of several, each is one of what the name before it leads to. A path of several has identifiers only.
/// </param>
public sealed record HasExpression(Expression Operand, SyntaxList<string> Path) : Expression(1 + Operand.Depth, SizeOfPath(Path) + Operand.Size)
{
    private static long SizeOfPath(SyntaxList<string> path)
    {
        var size = 1L;
        foreach (var name in path.Span)
            size += SizeOf(name);
        return size;
    }
}

/// <summary><c>a like "pat*ern"</c></summary>
/// <param name="Operand">A string.</param>
/// <param name="Pattern">What it has to be like.</param>
public sealed record LikeExpression(Expression Operand, Pattern Pattern) : Expression(1 + Operand.Depth, 1 + Pattern.Size + Operand.Size);

/// <summary><c>a is Type</c> or <c>a is Type in b</c></summary>
/// <param name="Operand">An entity.</param>
/// <param name="Type">What it has to be.</param>
/// <param name="In">What it has to be in, also: an entity or a set of them; null when nothing stands there.</param>
public sealed record IsExpression(Expression Operand, EntityTypeName Type, Expression? In)
    : Expression(1 + Math.Max(Operand.Depth, In?.Depth ?? 0), SizeOf(Type.Text) + Operand.Size + (In?.Size ?? 0));

/// <summary><c>[a, b, c]</c></summary>
/// <param name="Elements">In the order in which they stand there.</param>
public sealed record SetExpression(SyntaxList<Expression> Elements) : Expression(1 + DeepestOf(Elements), SizeOf(Elements));

/// <summary><c>{name: a, "another name": b}</c></summary>
/// <param name="Fields">In the order in which they stand there; no name twice.</param>
public sealed record RecordExpression(SyntaxList<RecordField> Fields) : Expression(1 + DeepestField(Fields), SizeOfFields(Fields))
{
    private static long SizeOfFields(SyntaxList<RecordField> fields)
    {
        var size = 1L;
        foreach (var field in fields.Span)
            size += SizeOf(field.Name) + field.Value.Size;
        return size;
    }

    private static int DeepestField(SyntaxList<RecordField> fields)
    {
        var depth = 0;
        foreach (var field in fields.Span)
            depth = Math.Max(depth, field.Value.Depth);
        return depth;
    }
}

/// <summary>A field of a record.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">What it is.</param>
public sealed record RecordField(string Name, Expression Value);

/// <summary>
/// A function or a method of an extension type: <c>ip("::1")</c>, <c>a.isInRange(b)</c>. The number of arguments need not be the right one:
/// that is an error of validation, and of evaluation.
/// </summary>
/// <param name="Function">Which.</param>
/// <param name="Arguments">Of a method, the first stands before the dot.</param>
public sealed record CallExpression(ExtensionFunction Function, SyntaxList<Expression> Arguments) : Expression(1 + DeepestOf(Arguments), SizeOf(Arguments));
