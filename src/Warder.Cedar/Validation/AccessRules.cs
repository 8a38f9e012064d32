using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>
/// The rules for attributes and tags: an access needs a declaration in the schema, and an optional attribute or tag needs a preceding test.
/// (Cedar documentation: "Policy validation", "Operators and functions", has.)
/// </summary>
internal sealed class AccessRules(Schema schema, Findings findings)
{
    /// <summary>
    /// Types <c>operand has a.b.c</c>, which means <c>operand has a &amp;&amp; operand.a has b &amp;&amp; operand.a.b has c</c>.
    /// </summary>
    public Typed Has(HasExpression expression, CedarType operand, Capabilities prior)
    {
        if (expression.Path.Count > Limits.Depth)
        {
            findings.Error(
                expression.Span, ValidationCodes.LimitExceeded,
                $"the path has {expression.Path.Count} names, and validation permits {Limits.Depth}");
            return Typed.Failed;
        }

        var (result, gained) = (CedarType.True, Capabilities.None);
        var (on, type) = (expression.Operand, operand);
        foreach (var name in expression.Path)
        {
            if (TypeRules.Attributes(schema, type) is not { } attributes)
                return NeitherEntityNorRecord(expression.Span, type);
            if (attributes.GetValueOrDefault(name) is not { } attribute)
                return CedarType.False;
            var capability = new Capability(on, name);
            if (!findings.Spend(2 * capability.Steps))
                return Typed.Failed;

            // An entity need not exist, and then has no attributes. So a required attribute makes the test constant only on a record.
            if (!prior.Has(capability) && !(attribute.IsRequired && type.Entity is null))
                result = CedarType.Bool;
            gained = gained.And(capability);
            (on, type) = (new AttributeExpression(on, name), attribute.Type);
        }

        return new Typed(result, gained);
    }

    /// <summary>Types <c>operand.name</c>.</summary>
    public Typed Get(AttributeExpression expression, CedarType operand, Capabilities prior)
    {
        if (TypeRules.Attributes(schema, operand) is not { } attributes)
            return NeitherEntityNorRecord(expression.Operand.Span, operand);
        var name = expression.Attribute;
        if (attributes.GetValueOrDefault(name) is not { } attribute)
        {
            findings.Error(
                expression.Span, ValidationCodes.UnknownAttribute, $"{What(operand)} has no attribute `{name}`", name, attributes.Keys);
            return Typed.Failed;
        }

        if (attribute.IsRequired || Knows(prior, new Capability(expression.Operand, name)))
            return attribute.Type;
        findings.Error(
            expression.Span, ValidationCodes.UnsafeAttribute,
            $"the attribute `{name}` is optional, and no preceding `has` tests it", $"write `… has {name} && …`");
        return Typed.Failed;
    }

    /// <summary>Types <c>entity.hasTag(tag)</c>.</summary>
    public Typed HasTag(BinaryExpression expression, CedarType entity, Capabilities prior)
    {
        if (TagsOf(entity) is null)
            return CedarType.False;
        var capability = new Capability(expression.Left, null, expression.Right);
        return !findings.Spend(capability.Steps) ? Typed.Failed
            : Knows(prior, capability) ? CedarType.True
            : new Typed(CedarType.Bool, Capabilities.None.And(capability));
    }

    /// <summary>Types <c>entity.getTag(tag)</c>.</summary>
    public Typed GetTag(BinaryExpression expression, CedarType entity, Capabilities prior)
    {
        if (TagsOf(entity) is not { } type)
            findings.Error(expression.Span, ValidationCodes.UnsafeTag, $"{What(entity)} has no tags");
        else if (Knows(prior, new Capability(expression.Left, null, expression.Right)))
            return type;
        else
            findings.Error(
                expression.Span, ValidationCodes.UnsafeTag, "no preceding `hasTag` tests this tag",
                "write `… .hasTag(…) && …` with the same entity and tag");
        return Typed.Failed;
    }

    private bool Knows(Capabilities prior, Capability capability) => findings.Spend(capability.Steps) && prior.Has(capability);

    private static string What(CedarType type) => type.Entity is null ? "this record" : $"`{type}`";

    private CedarType? TagsOf(CedarType entity) => schema.EntityTypes.GetValueOrDefault(entity.Entity!)?.Tags;

    private Typed NeitherEntityNorRecord(SourceSpan span, CedarType type)
    {
        findings.Error(span, ValidationCodes.UnexpectedType, $"an entity or a record is expected, not `{type}`");
        return Typed.Failed;
    }
}
