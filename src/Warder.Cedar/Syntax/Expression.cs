using Warder.Cedar.Values;

namespace Warder.Cedar.Syntax;

/// <summary>
/// An expression of a condition. Immutable. Two expressions are equal when their syntax is equal; positions, parentheses and comments do
/// not count. (Cedar documentation: "Grammar", Expr.)
/// </summary>
public abstract record Expression
{
    private protected Expression(int depth, long size) => (Depth, Size) = (depth, size);

    /// <summary>The position in the text that the policy was parsed from; empty when it was not parsed from text.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>The nesting depth: 1 for an expression without operands.</summary>
    public int Depth { get; }

    /// <summary>The size of the expression in evaluation steps: its subexpressions and their text.</summary>
    internal long Size { get; }

    /// <inheritdoc/>
    public virtual bool Equals(Expression? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();

    /// <summary>Formats the expression in policy syntax.</summary>
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

/// <summary>A boolean, an integer with its sign, a string, or an entity uid.</summary>
/// <param name="Value">The value.</param>
public sealed record LiteralExpression(Value Value) : Expression(1, Value.Weight);

/// <summary>A part of the request.</summary>
/// <param name="Variable">The part.</param>
public sealed record VariableExpression(Variable Variable) : Expression(1, 1);

/// <summary><c>if condition then one else another</c></summary>
/// <param name="Condition">The condition.</param>
/// <param name="Then">The expression to evaluate when the condition is true.</param>
/// <param name="Else">The expression to evaluate when the condition is false.</param>
public sealed record IfExpression(Expression Condition, Expression Then, Expression Else)
    : Expression(1 + Math.Max(Condition.Depth, Math.Max(Then.Depth, Else.Depth)), 1 + Condition.Size + Then.Size + Else.Size);

/// <summary>
/// <c>a &amp;&amp; b &amp;&amp; c</c>: true when all operands are true. Operands after the first false one are not evaluated. A
/// left-associative chain of any length is one expression; <c>a &amp;&amp; (b &amp;&amp; c)</c> is one expression inside another.
/// </summary>
/// <param name="Operands">Two or more operands.</param>
public sealed record AndExpression(SyntaxList<Expression> Operands) : Expression(1 + DeepestOf(Operands), SizeOf(Operands));

/// <summary>
/// <c>a || b || c</c>: true when at least one operand is true. Operands after the first true one are not evaluated. A left-associative
/// chain of any length is one expression, as for <see cref="AndExpression"/>.
/// </summary>
/// <param name="Operands">Two or more operands.</param>
public sealed record OrExpression(SyntaxList<Expression> Operands) : Expression(1 + DeepestOf(Operands), SizeOf(Operands));

/// <summary>An operator, or a method without arguments, on one operand.</summary>
/// <param name="Operator">The operator or method.</param>
/// <param name="Operand">The operand.</param>
public sealed record UnaryExpression(UnaryOperator Operator, Expression Operand) : Expression(1 + Operand.Depth, 1 + Operand.Size);

/// <summary>An operator between two operands, or a method with one argument.</summary>
/// <param name="Operator">The operator or method.</param>
/// <param name="Left">The left operand, or the receiver of the method.</param>
/// <param name="Right">The right operand, or the argument of the method.</param>
public sealed record BinaryExpression(BinaryOperator Operator, Expression Left, Expression Right)
    : Expression(1 + Math.Max(Left.Depth, Right.Depth), 1 + Left.Size + Right.Size);

/// <summary><c>a.name</c> or <c>a["name"]</c></summary>
/// <param name="Operand">An entity or a record.</param>
/// <param name="Attribute">The name of the attribute.</param>
public sealed record AttributeExpression(Expression Operand, string Attribute)
    : Expression(1 + Operand.Depth, SizeOf(Attribute) + Operand.Size);

/// <summary><c>a has name</c>, <c>a has "name"</c> or <c>a has b.c.d</c></summary>
/// <param name="Operand">An entity or a record.</param>
/// <param name="Path">
/// The name of the attribute, or a path of names. Each further name is an attribute of the value before it. In policy syntax a path of
/// several names consists of identifiers only.
/// </param>
public sealed record HasExpression(Expression Operand, SyntaxList<string> Path)
    : Expression(1 + Operand.Depth, SizeOfPath(Path) + Operand.Size)
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
/// <param name="Pattern">The pattern.</param>
public sealed record LikeExpression(Expression Operand, Pattern Pattern) : Expression(1 + Operand.Depth, 1 + Pattern.Size + Operand.Size);

/// <summary><c>a is Type</c> or <c>a is Type in b</c></summary>
/// <param name="Operand">An entity.</param>
/// <param name="Type">The required type.</param>
/// <param name="In">The required ancestor, or a set of possible ancestors; null without <c>in</c>.</param>
public sealed record IsExpression(Expression Operand, EntityTypeName Type, Expression? In)
    : Expression(1 + Math.Max(Operand.Depth, In?.Depth ?? 0), SizeOf(Type.Text) + Operand.Size + (In?.Size ?? 0));

/// <summary><c>[a, b, c]</c></summary>
/// <param name="Elements">The elements, in the order of the text.</param>
public sealed record SetExpression(SyntaxList<Expression> Elements) : Expression(1 + DeepestOf(Elements), SizeOf(Elements));

/// <summary><c>{name: a, "another name": b}</c></summary>
/// <param name="Fields">The fields, in the order of the text. Names are unique.</param>
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
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
public sealed record RecordField(string Name, Expression Value);

/// <summary>
/// A call of a function or method of an extension type: <c>ip("::1")</c>, <c>a.isInRange(b)</c>. The syntax permits any number of
/// arguments; validation and evaluation report a wrong number as an error.
/// </summary>
/// <param name="Function">The function or method.</param>
/// <param name="Arguments">The arguments. The first argument of a method is its receiver, before the dot.</param>
public sealed record CallExpression(ExtensionFunction Function, SyntaxList<Expression> Arguments)
    : Expression(1 + DeepestOf(Arguments), SizeOf(Arguments));
