using System.Text;
using Warder.Cedar.Parsing;

namespace Warder.Cedar.Syntax;

/// <summary>
/// Formats policies and expressions as text that parses back to an equal value, with parentheses only where needed. The caller ensures
/// that nothing is nested deeper than <see cref="Limits.Depth"/>.
/// </summary>
internal static class PolicyText
{
    public static string Of(Expression expression)
    {
        var text = new StringBuilder();
        Append(text, expression, Level.Expression);
        return text.ToString();
    }

    public static string Of(PolicySyntax policy)
    {
        var text = new StringBuilder();
        foreach (var annotation in policy.Annotations)
        {
            text.Append('@').Append(annotation.Name);
            if (annotation.Value is not null)
                text.Append('(').Append(StringLiteral.Quote(annotation.Value)).Append(')');
            text.Append('\n');
        }

        text.Append(policy.Effect == Effect.Permit ? "permit" : "forbid").Append(" (\n  principal");
        AppendScope(text, policy.Principal, "?principal");
        text.Append(",\n  action");
        AppendScope(text, policy.Action);
        text.Append(",\n  resource");
        AppendScope(text, policy.Resource, "?resource");
        text.Append("\n)");
        foreach (var condition in policy.Conditions)
        {
            text.Append(condition.Kind == ConditionKind.When ? "\nwhen { " : "\nunless { ");
            Append(text, condition.Body, Level.Expression);
            text.Append(" }");
        }

        return text.Append(';').ToString();
    }

    /// <summary>Returns the symbol of an infix operator; null for a method.</summary>
    public static string? Infix(BinaryOperator of) => of switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.In => "in",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        _ => null,
    };

    /// <summary>Returns the name of a method; null for an infix operator.</summary>
    public static string? Method(BinaryOperator of) => of switch
    {
        BinaryOperator.Contains => "contains",
        BinaryOperator.ContainsAll => "containsAll",
        BinaryOperator.ContainsAny => "containsAny",
        BinaryOperator.GetTag => "getTag",
        BinaryOperator.HasTag => "hasTag",
        _ => null,
    };

    private static void AppendScope(StringBuilder text, EntityScope scope, string slot)
    {
        if (scope.Type is not null)
            text.Append(" is ").Append(scope.Type.Text);
        if (scope.Operator is ScopeOperator.Any or ScopeOperator.Is)
            return;
        text.Append(scope.Operator == ScopeOperator.Equal ? " == " : " in ").Append(scope.IsSlot ? slot : scope.Entity!.ToString());
    }

    private static void AppendScope(StringBuilder text, ActionScope scope)
    {
        if (scope.Operator == ScopeOperator.Any)
            return;
        text.Append(scope.Operator == ScopeOperator.Equal ? " == " : " in ");
        if (scope.Entities.Count != 1)
            text.Append('[').AppendJoin(", ", scope.Entities).Append(']');
        else
            text.Append(scope.Entities[0]);
    }

    private static void Append(StringBuilder text, Expression expression, Level least)
    {
        var needsParentheses = LevelOf(expression) < least;
        if (needsParentheses)
            text.Append('(');
        AppendBare(text, expression);
        if (needsParentheses)
            text.Append(')');
    }

    private static Level LevelOf(Expression expression) => expression switch
    {
        IfExpression => Level.Expression,
        OrExpression => Level.Or,
        AndExpression => Level.And,
        HasExpression has => IsWritable(has.Path) ? Level.Relation : Level.And,
        LikeExpression or IsExpression => Level.Relation,
        BinaryExpression { Operator: BinaryOperator.Add or BinaryOperator.Subtract } => Level.Sum,
        BinaryExpression { Operator: BinaryOperator.Multiply } => Level.Product,
        BinaryExpression binary => Infix(binary.Operator) is null ? Level.Member : Level.Relation,
        UnaryExpression { Operator: UnaryOperator.IsEmpty } => Level.Member,
        UnaryExpression => Level.Unary,
        LiteralExpression literal => literal.Value.TryGet(out long number) && number < 0 ? Level.Unary : Level.Member,
        _ => Level.Member,
    };

    private static void AppendBare(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case LiteralExpression literal:
                text.Append(literal.Value);
                break;
            case VariableExpression variable:
                text.Append(Name(variable.Variable));
                break;
            case IfExpression choice:
                AppendIf(text, choice);
                break;
            case OrExpression or:
                AppendList(text, or.Operands, " || ", Level.And);
                break;
            case AndExpression and:
                AppendList(text, and.Operands, " && ", Level.Relation);
                break;
            case UnaryExpression unary:
                AppendUnary(text, unary);
                break;
            case BinaryExpression binary:
                AppendBinary(text, binary);
                break;
            case AttributeExpression attribute:
                Append(text, attribute.Operand, Level.Member);
                _ = Identifiers.IsName(attribute.Attribute)
                    ? text.Append('.').Append(attribute.Attribute)
                    : text.Append('[').Append(StringLiteral.Quote(attribute.Attribute)).Append(']');
                break;
            default:
                AppendRest(text, expression);
                break;
        }
    }

    private static void AppendRest(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case HasExpression has when IsWritable(has.Path):
                Append(text, has.Operand, Level.Sum);
                text.Append(" has ");
                _ = Identifiers.IsName(has.Path[0]) ? text.AppendJoin('.', has.Path) : text.Append(StringLiteral.Quote(has.Path[0]));
                break;
            case HasExpression has:
                AppendList(text, StepByStep(has), " && ", Level.Relation);
                break;
            case LikeExpression like:
                Append(text, like.Operand, Level.Sum);
                text.Append(" like ").Append(like.Pattern);
                break;
            case IsExpression test:
                Append(text, test.Operand, Level.Sum);
                text.Append(" is ").Append(test.Type.Text);
                if (test.In is not null)
                    Append(text.Append(" in "), test.In, Level.Sum);
                break;
            case SetExpression set:
                text.Append('[');
                AppendList(text, set.Elements, ", ", Level.Expression);
                text.Append(']');
                break;
            case RecordExpression record:
                AppendRecord(text, record);
                break;
            case CallExpression call:
                AppendCall(text, call);
                break;
        }
    }

    // In policy syntax a path of several names consists of identifiers. JSON permits other names, which mean `a has "b c" && a["b c"] has
    // d`.
    private static bool IsWritable(SyntaxList<string> path) => path.Count == 1 || path.All(name => Identifiers.IsName(name));

    private static SyntaxList<Expression> StepByStep(HasExpression has)
    {
        var steps = new List<Expression>();
        var operand = has.Operand;
        foreach (var name in has.Path)
        {
            steps.Add(new HasExpression(operand, [name]));
            operand = new AttributeExpression(operand, name);
        }

        return [.. steps];
    }

    private static void AppendIf(StringBuilder text, IfExpression choice)
    {
        Append(text.Append("if "), choice.Condition, Level.Expression);
        Append(text.Append(" then "), choice.Then, Level.Expression);
        Append(text.Append(" else "), choice.Else, Level.Expression);
    }

    private static void AppendUnary(StringBuilder text, UnaryExpression unary)
    {
        if (unary.Operator == UnaryOperator.IsEmpty)
        {
            Append(text, unary.Operand, Level.Member);
            text.Append(".isEmpty()");
            return;
        }

        text.Append(unary.Operator == UnaryOperator.Not ? '!' : '-');

        // Without parentheses, a minus before digits would be parsed as part of the literal.
        var isNumber = unary is { Operator: UnaryOperator.Negate, Operand: LiteralExpression };
        Append(text, unary.Operand, isNumber ? Level.Parenthesized : Level.Member);
    }

    private static void AppendBinary(StringBuilder text, BinaryExpression binary)
    {
        if (Infix(binary.Operator) is not { } infix)
        {
            Append(text, binary.Left, Level.Member);
            text.Append('.').Append(Method(binary.Operator)).Append('(');
            Append(text, binary.Right, Level.Expression);
            text.Append(')');
            return;
        }

        // Sums and products are left-associative; relations are not associative.
        var level = LevelOf(binary);
        Append(text, binary.Left, level == Level.Relation ? Level.Sum : level);
        Append(text.Append(' ').Append(infix).Append(' '), binary.Right, level + 1);
    }

    private static void AppendRecord(StringBuilder text, RecordExpression record)
    {
        text.Append('{');
        for (var i = 0; i < record.Fields.Count; i++)
        {
            var (name, value) = record.Fields[i];
            text.Append(i > 0 ? ", " : "").Append(Identifiers.IsName(name) ? name : StringLiteral.Quote(name)).Append(": ");
            Append(text, value, Level.Expression);
        }

        text.Append('}');
    }

    private static void AppendCall(StringBuilder text, CallExpression call)
    {
        // A method call without a receiver has no policy syntax; only JSON can express it. The output then does not parse.
        var first = 0;
        if (!call.Function.IsConstructor && call.Arguments.Count > 0)
        {
            Append(text, call.Arguments[first++], Level.Member);
            text.Append('.');
        }

        text.Append(call.Function.Name).Append('(');
        AppendList(text, new SyntaxList<Expression>(call.Arguments.Span[first..].ToArray()), ", ", Level.Expression);
        text.Append(')');
    }

    private static void AppendList(StringBuilder text, SyntaxList<Expression> items, string separator, Level least)
    {
        for (var i = 0; i < items.Count; i++)
            Append(text.Append(i > 0 ? separator : ""), items[i], least);
    }

    /// <summary>Returns the name of a part of the request.</summary>
    public static string Name(Variable variable) => variable switch
    {
        Variable.Principal => "principal",
        Variable.Action => "action",
        Variable.Resource => "resource",
        _ => "context",
    };

    // The precedence of expressions, ascending: an expression with less than the required precedence needs parentheses.
    private enum Level
    {
        Expression,
        Or,
        And,
        Relation,
        Sum,
        Product,
        Unary,
        Member,
        Parenthesized,
    }
}
