using System.Collections.Immutable;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Validation;

/// <summary>
/// Something that is known to be there: an attribute or, by the expression for its name, a tag of what an expression leads to.
/// </summary>
internal readonly record struct Capability(Expression On, string? Attribute, Expression? Tag = null)
{
    // Beside its hash: a place in a balanced tree.
    private const int TreeSteps = 30;

    /// <summary>The steps that looking for it or adding it takes: its expressions are hashed, and compared with equal ones.</summary>
    public long Steps => TreeSteps + On.Size + (Tag?.Size ?? 0) + Value.WeightOf(Attribute?.Length ?? 0);
}

/// <summary>
/// What is known to be there where an expression is true. Immutable. Expressions are the same when they are written alike.
/// </summary>
internal readonly struct Capabilities
{
    private readonly ImmutableHashSet<Capability>? _known;

    private Capabilities(ImmutableHashSet<Capability> known, long steps) => (_known, Steps) = (known, steps);

    /// <summary>Nothing.</summary>
    public static Capabilities None => default;

    /// <summary>The most steps that looking for each of them takes.</summary>
    public long Steps { get; }

    public bool Has(Capability capability) => _known is not null && _known.Contains(capability);

    public Capabilities And(Capability capability) => new((_known ?? []).Add(capability), Steps + capability.Steps);

    /// <summary>What one or the other knows. It costs as many steps as the other has.</summary>
    public Capabilities Or(Capabilities other)
        => other._known is null ? this : _known is null ? other : new Capabilities(_known.Union(other._known), Steps + other.Steps);

    /// <summary>What both know. It costs as many steps as the other has.</summary>
    public Capabilities Both(Capabilities other)
        => _known is null || other._known is null ? None : new Capabilities(_known.Intersect(other._known), Math.Min(Steps, other.Steps));
}
