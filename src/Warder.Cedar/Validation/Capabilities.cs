using System.Collections.Immutable;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Validation;

/// <summary>
/// The knowledge that an attribute or tag exists on the value of an expression. A tag is identified by the expression of its name.
/// </summary>
internal readonly record struct Capability(Expression On, string? Attribute, Expression? Tag = null)
{
    // The steps beside hashing: a position in a balanced tree.
    private const int TreeSteps = 30;

    /// <summary>The steps of finding or adding the capability: its expressions are hashed, and compared with equal ones.</summary>
    public long Steps => TreeSteps + On.Size + (Tag?.Size ?? 0) + Value.WeightOf(Attribute?.Length ?? 0);
}

/// <summary>
/// The attributes and tags that exist where an expression is true. Immutable. Expressions are equal when their syntax is equal.
/// </summary>
internal readonly struct Capabilities
{
    private readonly ImmutableHashSet<Capability>? _known;

    private Capabilities(ImmutableHashSet<Capability> known, long steps) => (_known, Steps) = (known, steps);

    /// <summary>The empty set of capabilities.</summary>
    public static Capabilities None => default;

    /// <summary>An upper bound on the steps of finding each capability.</summary>
    public long Steps { get; }

    public bool Has(Capability capability) => _known is not null && _known.Contains(capability);

    public Capabilities And(Capability capability) => new((_known ?? []).Add(capability), Steps + capability.Steps);

    /// <summary>Returns the union. It costs the steps of the other set.</summary>
    public Capabilities Or(Capabilities other)
        => other._known is null ? this : _known is null ? other : new Capabilities(_known.Union(other._known), Steps + other.Steps);

    /// <summary>Returns the intersection. It costs the steps of the other set.</summary>
    public Capabilities Both(Capabilities other)
        => _known is null || other._known is null ? None : new Capabilities(_known.Intersect(other._known), Math.Min(Steps, other.Steps));
}
