using Warder.Cedar.Syntax;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// The compiled conditions of a policy. Policies share one rule when they are links of one template or when the text of their conditions is
/// equal. Many policies differ only in the entities of their scopes; sharing then keeps the rules of a decision in the processor's
/// caches. Positions in a rule are therefore relative to the start of the conditions.
/// </summary>
internal sealed class Rule
{
    private readonly (Node Body, bool Wanted)[] _conditions;
    private readonly long _steps;

    private Rule((Node, bool)[] conditions, long steps) => (_conditions, _steps) = (conditions, steps);

    /// <summary>The rule without conditions.</summary>
    public static Rule Always { get; } = new([], 1);

    /// <summary>Returns the offset of the conditions in the text of a policy.</summary>
    public static int OriginOf(PolicySyntax policy) => policy.Conditions.Count > 0 ? policy.Conditions[0].Span.Start : policy.Span.Start;

    public static Rule Of(PolicySyntax policy, Trace? trace = null)
    {
        var compiler = new Compiler(OriginOf(policy), trace);
        var conditions = new (Node, bool)[policy.Conditions.Count];
        for (var i = 0; i < conditions.Length; i++)
            conditions[i] = (compiler.Compile(policy.Conditions[i].Body), policy.Conditions[i].Kind == ConditionKind.When);
        return new Rule(conditions, compiler.Steps + 1);
    }

    /// <summary>Whether all conditions hold. The conditions are evaluated in order, up to the first that does not hold.</summary>
    public Truth Test(ref Frame frame)
    {
        if (!frame.Take(_steps, default))
            return Truth.Failed;
        foreach (var (body, wanted) in _conditions)
        {
            var truth = body.Test(ref frame);
            if (truth == Truth.Failed)
                return Truth.Failed;
            if (truth == Truth.True != wanted)
                return Truth.False;
        }

        return Truth.True;
    }
}

/// <summary>The distinct rules of the policies of one set.</summary>
internal sealed class RuleTable
{
    private readonly Dictionary<Written, Rule> _byText = [];
    private readonly Dictionary<SyntaxList<Condition>, Rule> _bySyntax = [];

    public Rule Of(PolicySyntax policy)
        => policy.Source is { } source && policy.Conditions.Count > 0
            ? Of(_byText, new Written(source.Text, SourceSpan.Between(policy.Conditions[0].Span, policy.Conditions[^1].Span)), policy)
            : Of(_bySyntax, policy.Conditions, policy);

    private static Rule Of<TKey>(Dictionary<TKey, Rule> rules, TKey key, PolicySyntax policy)
        where TKey : struct
    {
        if (!rules.TryGetValue(key, out var rule))
            rules.Add(key, rule = Rule.Of(policy));
        return rule;
    }

    // A part of a text, compared by content and not copied.
    private readonly record struct Written(string Text, SourceSpan Span)
    {
        private ReadOnlySpan<char> Piece => Text.AsSpan(Span.Start, Span.Length);

        public bool Equals(Written other) => Piece.SequenceEqual(other.Piece);

        public override int GetHashCode() => string.GetHashCode(Piece, StringComparison.Ordinal);
    }
}
