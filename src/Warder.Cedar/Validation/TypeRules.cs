using Warder.Cedar.Schemas;
using Warder.Cedar.Values;

namespace Warder.Cedar.Validation;

/// <summary>The rules for combining types. (Cedar documentation: "Policy validation", Strict validation.)</summary>
internal static class TypeRules
{
    /// <summary>
    /// Returns the common type of two types; null when there is none. Different types are compatible only among booleans: constant ones
    /// with non-constant ones. Entities must have the same type. Records must have the same attributes, with the same ones required.
    /// </summary>
    public static CedarType? Join(CedarType left, CedarType right, Findings findings)
    {
        if (ReferenceEquals(left, right))
            return left;
        if (left.Kind != right.Kind || !findings.Spend())
            return null;
        switch (left.Kind)
        {
            case ValueKind.Bool:
                return left.Constant == right.Constant ? left : CedarType.Bool;
            case ValueKind.Entity:
                return left.Entity == right.Entity ? left : null;
            case ValueKind.Set:
                return Join(left.Element!, right.Element!, findings) is { } element ? CedarType.SetOf(element) : null;
            case ValueKind.Record:
                return JoinRecords(left.Attributes!, right.Attributes!, findings);
            default:
                return left;
        }
    }

    /// <summary>Returns the attributes of an entity or record type; null for any other type.</summary>
    public static IReadOnlyDictionary<string, SchemaAttribute>? Attributes(Schema schema, CedarType type)
        => type.Entity is { } entity ? schema.EntityTypes.GetValueOrDefault(entity)?.Attributes ?? NoAttributes : type.Attributes;

    // The steps of building a table of attributes, each of which is looked up on both sides.
    private const int RecordSteps = 15;

    // Actions have no attributes.
    private static readonly Dictionary<string, SchemaAttribute> NoAttributes = [];

    private static CedarType? JoinRecords(
        IReadOnlyDictionary<string, SchemaAttribute> left, IReadOnlyDictionary<string, SchemaAttribute> right, Findings findings)
    {
        if (left.Count != right.Count || !findings.Spend(RecordSteps + (2L * left.Count)))
            return null;
        var joined = new Dictionary<string, SchemaAttribute>(left.Count, StringComparer.Ordinal);
        foreach (var (name, attribute) in left)
        {
            if (right.GetValueOrDefault(name) is not { } other || attribute.IsRequired != other.IsRequired
                || Join(attribute.Type, other.Type, findings) is not { } type)
                return null;
            joined.Add(name, attribute with { Type = type });
        }

        return CedarType.RecordOf(joined);
    }
}
