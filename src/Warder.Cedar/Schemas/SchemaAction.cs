using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>The declaration of one action in a schema. Immutable. (Cedar documentation: "Schema syntax", Actions.)</summary>
public sealed class SchemaAction
{
    internal SchemaAction(EntityUid uid, ActionSyntax declared, IReadOnlyList<EntityUid> memberOf)
        => (Uid, Annotations, MemberOf) = (uid, declared.Annotations, memberOf);

    /// <summary>The uid of the action.</summary>
    public EntityUid Uid { get; }

    /// <summary>The annotations.</summary>
    public IReadOnlyList<Annotation> Annotations { get; }

    /// <summary>The direct groups of the action.</summary>
    public IReadOnlyList<EntityUid> MemberOf { get; }

    /// <summary>All direct and indirect groups of the action, without the action itself.</summary>
    public IReadOnlySet<EntityUid> Ancestors { get; internal set; } = new HashSet<EntityUid>();

    /// <summary>The permitted types of the principal. An action without principal types applies to no request.</summary>
    public IReadOnlySet<EntityTypeName> Principals { get; internal init; } = new HashSet<EntityTypeName>();

    /// <summary>The permitted types of the resource. An action without resource types applies to no request.</summary>
    public IReadOnlySet<EntityTypeName> Resources { get; internal init; } = new HashSet<EntityTypeName>();

    /// <summary>The type of the context, a record.</summary>
    public CedarType Context { get; internal init; } = CedarType.RecordOf(new Dictionary<string, SchemaAttribute>());

    /// <summary>Formats the uid of the action.</summary>
    public override string ToString() => Uid.ToString();
}
