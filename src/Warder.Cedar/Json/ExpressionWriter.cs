using Warder.Cedar.Syntax;

namespace Warder.Cedar.Json;

/// <summary>
/// Formats expressions as JSON. An expression is an object with one field, whose name states the operator. (Cedar documentation: "JSON
/// policy format", Expr.)
/// </summary>
internal sealed class ExpressionWriter(JsonWriter json, ValueWriter values)
{
    public void Write(Expression expression)
    {
        json.Begin('{');
        switch (expression)
        {
            case LiteralExpression literal:
                json.Name("Value");
                values.Write(literal.Value);
                break;
            case VariableExpression variable:
                json.Name("Var").Text(PolicyText.Name(variable.Variable));
                break;
            case AndExpression and:
                Chain("&&", and.Operands);
                break;
            case OrExpression or:
                Chain("||", or.Operands);
                break;
            case UnaryExpression unary:
                json.Name(unary.Operator switch { UnaryOperator.Not => "!", UnaryOperator.Negate => "neg", _ => "isEmpty" });
                Fields(("arg", unary.Operand));
                break;
            case BinaryExpression binary:
                json.Name(PolicyText.Infix(binary.Operator) ?? PolicyText.Method(binary.Operator)!);
                Fields(("left", binary.Left), ("right", binary.Right));
                break;
            case IfExpression choice:
                json.Name("if-then-else");
                Fields(("if", choice.Condition), ("then", choice.Then), ("else", choice.Else));
                break;
            case SetExpression set:
                List("Set", set.Elements);
                break;
            case CallExpression call:
                List(call.Function.Name, call.Arguments);
                break;
            default:
                Named(expression);
                break;
        }

        json.End('}');
    }

    // Formats expressions that have names or types beside their operands.
    private void Named(Expression expression)
    {
        switch (expression)
        {
            case AttributeExpression attribute:
                Left(".", attribute.Operand);
                json.Name("attr").Text(attribute.Attribute).End('}');
                break;
            case HasExpression has:
                Left("has", has.Operand);
                Path(json.Name("attr"), has.Path);
                json.End('}');
                break;
            case LikeExpression like:
                Left("like", like.Operand);
                Pattern(like.Pattern);
                json.End('}');
                break;
            case IsExpression test:
                Left("is", test.Operand);
                json.Name("entity_type").Text(test.Type.Text);
                if (test.In is not null)
                    Field("in", test.In);
                json.End('}');
                break;
            case RecordExpression record:
                json.Name("Record").Begin('{');
                foreach (var (name, value) in record.Fields)
                    Field(name, value);
                json.End('}');
                break;
        }
    }

    // Chains are left-associative. The loop nests the document and not the calls, so that a long chain does not overflow the stack.
    private void Chain(string name, SyntaxList<Expression> operands)
    {
        json.Name(name).Begin('{').Name("left");
        for (var i = operands.Count; i > 2; i--)
            json.Begin('{').Name(name).Begin('{').Name("left");
        Write(operands[0]);
        for (var i = 1; i < operands.Count; i++)
        {
            Field("right", operands[i]);
            json.End('}');
            if (i < operands.Count - 1)
                json.End('}');
        }
    }

    private void Left(string name, Expression operand)
    {
        json.Name(name).Begin('{');
        Field("left", operand);
    }

    private void Fields(params ReadOnlySpan<(string Name, Expression Value)> fields)
    {
        json.Begin('{');
        foreach (var (name, value) in fields)
            Field(name, value);
        json.End('}');
    }

    private void Field(string name, Expression value)
    {
        json.Name(name);
        Write(value);
    }

    private void List(string name, SyntaxList<Expression> items)
    {
        json.Name(name).Begin('[');
        for (var i = 0; i < items.Count; i++)
            Write(items[i]);
        json.End(']');
    }

    private static void Path(JsonWriter json, SyntaxList<string> path)
    {
        if (path.Count == 1)
        {
            json.Text(path[0]);
            return;
        }

        json.Begin('[');
        foreach (var name in path)
            json.Text(name);
        json.End(']');
    }

    // The official engine also writes one object for each character.
    private void Pattern(Pattern pattern)
    {
        json.Name("pattern").Begin('[');
        for (var i = 0; i < pattern.Pieces.Count; i++)
        {
            if (i > 0)
                json.Text("Wildcard");
            foreach (var character in pattern.Pieces[i].EnumerateRunes())
                json.Begin('{').Name("Literal").Text(character.ToString()).End('}');
        }

        json.End(']');
    }
}
