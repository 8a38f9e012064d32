namespace Warder.Cedar.Syntax;

/// <summary>Enumerates the operands of expressions.</summary>
internal static class Operands
{
    /// <summary>Returns the direct subexpressions of an expression, in the order of the text.</summary>
    public static IEnumerable<Expression> Of(Expression expression) => expression switch
    {
        IfExpression conditional => [conditional.Condition, conditional.Then, conditional.Else],
        AndExpression and => and.Operands,
        OrExpression or => or.Operands,
        UnaryExpression unary => [unary.Operand],
        BinaryExpression binary => [binary.Left, binary.Right],
        AttributeExpression attribute => [attribute.Operand],
        HasExpression has => [has.Operand],
        LikeExpression like => [like.Operand],
        IsExpression { In: { } within } isType => [isType.Operand, within],
        IsExpression isType => [isType.Operand],
        SetExpression set => set.Elements,
        RecordExpression record => record.Fields.Select(field => field.Value),
        CallExpression call => call.Arguments,
        _ => [],
    };
}
