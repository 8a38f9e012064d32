using System.Collections.Immutable;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>Something that is known to be there: an attribute or, by the expression for its name, a tag of what an expression leads to.</summary>
internal readonly record struct Capability(Expression On, string? Attribute, Expression? Tag = null);

/// <summary>What is known to be there where an expression is true. Immutable. Expressions are the same when they are written alike.</summary>
internal readonly struct Capabilities
{
    private readonly ImmutableHashSet<Capability>? _known;

    private Capabilities(ImmutableHashSet<Capability> known) => _known = known;

    /// <summary>Nothing.</summary>
    public static Capabilities None => default;

    public bool Has(Capability capability) => _known is not null && _known.Contains(capability);

    public Capabilities And(Capability capability) => new((_known ?? []).Add(capability));

    /// <summary>What one or the other knows. It costs as much as the other has.</summary>
    public Capabilities Or(Capabilities other) => other._known is null ? this : _known is null ? other : new Capabilities(_known.Union(other._known));

    /// <summary>What both know.</summary>
    public Capabilities Both(Capabilities other) => _known is null || other._known is null ? None : new Capabilities(_known.Intersect(other._known));
}
