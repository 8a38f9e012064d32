using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>What a schema says of the entities of one type. Immutable. (Cedar documentation: "Schema syntax", Entity types.)</summary>
public sealed class SchemaEntityType
{
    private readonly CedarType _shape;

    internal SchemaEntityType(EntityTypeName name, EntityTypeSyntax declared, IReadOnlyList<EntityTypeName> memberOf, CedarType shape, CedarType? tags,
        IReadOnlySet<string>? ids)
    {
        (Name, Annotations, MemberOf, Attributes, Tags) = (name, declared.Annotations, memberOf, shape.Attributes!, tags);
        Ids = ids;
        _shape = shape;
    }

    /// <summary>What the type is called.</summary>
    public EntityTypeName Name { get; }

    /// <summary>What is said of it for programs around Cedar.</summary>
    public IReadOnlyList<Annotation> Annotations { get; }

    /// <summary>The types of the entities that its entities may be in directly.</summary>
    public IReadOnlyList<EntityTypeName> MemberOf { get; }

    /// <summary>Its entities' attributes. There are no others.</summary>
    public IReadOnlyDictionary<string, SchemaAttribute> Attributes { get; }

    /// <summary>The names of the attributes that are always there.</summary>
    internal IReadOnlyList<string> RequiredAttributes => _shape.Required;

    /// <summary>What the value of any tag is; null when its entities have no tags.</summary>
    public CedarType? Tags { get; }

    /// <summary>Of an enumeration, the ids of all entities that there are; else null.</summary>
    public IReadOnlySet<string>? Ids { get; }

    /// <summary>
    /// The types of all that its entities may be in, also through others. A type is among its own when the schema says so.
    /// </summary>
    public IReadOnlySet<EntityTypeName> Ancestors { get; internal set; } = new HashSet<EntityTypeName>();

    /// <summary>What the type is called.</summary>
    public override string ToString() => Name.Text;
}
