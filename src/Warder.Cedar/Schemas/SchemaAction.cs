using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>What a schema says of one action. Immutable. (Cedar documentation: "Schema syntax", Actions.)</summary>
public sealed class SchemaAction
{
    internal SchemaAction(EntityUid uid, ActionSyntax declared, IReadOnlyList<EntityUid> memberOf)
        => (Uid, Annotations, MemberOf) = (uid, declared.Annotations, memberOf);

    /// <summary>What the action is called.</summary>
    public EntityUid Uid { get; }

    /// <summary>What is said of it for programs around Cedar.</summary>
    public IReadOnlyList<Annotation> Annotations { get; }

    /// <summary>The groups of actions that it is in directly.</summary>
    public IReadOnlyList<EntityUid> MemberOf { get; }

    /// <summary>All groups that it is in, also through others; itself is not among them.</summary>
    public IReadOnlySet<EntityUid> Ancestors { get; internal set; } = new HashSet<EntityUid>();

    /// <summary>The types of those who may be its principal. When there are none, it is for no request.</summary>
    public IReadOnlySet<EntityTypeName> Principals { get; internal init; } = new HashSet<EntityTypeName>();

    /// <summary>The types of what may be its resource. When there are none, it is for no request.</summary>
    public IReadOnlySet<EntityTypeName> Resources { get; internal init; } = new HashSet<EntityTypeName>();

    /// <summary>What the context of its requests is: a record.</summary>
    public CedarType Context { get; internal init; } = CedarType.RecordOf(new Dictionary<string, SchemaAttribute>());

    /// <summary>What the action is called.</summary>
    public override string ToString() => Uid.ToString();
}
