using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>The declaration of one entity type in a schema. Immutable. (Cedar documentation: "Schema syntax", Entity types.)</summary>
public sealed class SchemaEntityType
{
    private readonly CedarType _shape;

    internal SchemaEntityType(
        EntityTypeName name, EntityTypeSyntax declared, IReadOnlyList<EntityTypeName> memberOf, CedarType shape, CedarType? tags,
        IReadOnlySet<string>? ids)
    {
        (Name, Annotations, MemberOf, Attributes, Tags) = (name, declared.Annotations, memberOf, shape.Attributes!, tags);
        Ids = ids;
        _shape = shape;
    }

    /// <summary>The name of the entity type.</summary>
    public EntityTypeName Name { get; }

    /// <summary>The annotations.</summary>
    public IReadOnlyList<Annotation> Annotations { get; }

    /// <summary>The permitted types of direct parents.</summary>
    public IReadOnlyList<EntityTypeName> MemberOf { get; }

    /// <summary>The attributes of the entities. No other attributes are permitted.</summary>
    public IReadOnlyDictionary<string, SchemaAttribute> Attributes { get; }

    /// <summary>The names of the required attributes.</summary>
    internal IReadOnlyList<string> RequiredAttributes => _shape.Required;

    /// <summary>The type of all tag values; null when the entities have no tags.</summary>
    public CedarType? Tags { get; }

    /// <summary>The ids of an enumerated type; null for any other type.</summary>
    public IReadOnlySet<string>? Ids { get; }

    /// <summary>
    /// The permitted types of direct and indirect ancestors. They include the type itself if the schema permits such a parent.
    /// </summary>
    public IReadOnlySet<EntityTypeName> Ancestors { get; internal set; } = new HashSet<EntityTypeName>();

    /// <summary>Returns the name of the entity type.</summary>
    public override string ToString() => Name.Text;
}
