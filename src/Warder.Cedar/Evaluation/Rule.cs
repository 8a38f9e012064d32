using Warder.Cedar.Syntax;

namespace Warder.Cedar.Evaluation;

/// <summary>
/// The conditions of a policy, ready to be evaluated. Policies that are links of one template, or whose conditions are written alike, share theirs: many
/// policies are one pattern with other names in their scopes, and then a decision finds in the processor's caches what it needs. So the places in a rule are
/// counted from where its conditions begin.
/// </summary>
internal sealed class Rule
{
    private readonly (Node Body, bool Wanted)[] _conditions;
    private readonly int _steps;

    private Rule((Node, bool)[] conditions, int steps) => (_conditions, _steps) = (conditions, steps);

    /// <summary>Where the conditions of a policy begin in its text.</summary>
    public static int OriginOf(PolicySyntax policy) => policy.Conditions.Count > 0 ? policy.Conditions[0].Span.Start : policy.Span.Start;

    public static Rule Of(PolicySyntax policy)
    {
        var compiler = new Compiler(OriginOf(policy));
        var conditions = new (Node, bool)[policy.Conditions.Count];
        for (var i = 0; i < conditions.Length; i++)
            conditions[i] = (compiler.Compile(policy.Conditions[i].Body), policy.Conditions[i].Kind == ConditionKind.When);
        return new Rule(conditions, compiler.Nodes + 1);
    }

    /// <summary>Whether all conditions hold. They are looked at in their order, up to the first that does not.</summary>
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

/// <summary>The rules of policies that are read together, each once.</summary>
internal sealed class RuleTable
{
    private readonly Dictionary<string, Rule> _byText = new(StringComparer.Ordinal);
    private readonly Dictionary<SyntaxList<Condition>, Rule> _bySyntax = [];

    public Rule Of(PolicySyntax policy)
    {
        if (policy.Source is not { } source || policy.Conditions.Count == 0)
        {
            if (!_bySyntax.TryGetValue(policy.Conditions, out var shared))
                _bySyntax.Add(policy.Conditions, shared = Rule.Of(policy));
            return shared;
        }

        var written = source.Text.AsSpan(policy.Conditions[0].Span.Start, SourceSpan.Between(policy.Conditions[0].Span, policy.Conditions[^1].Span).Length);
        var rules = _byText.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!rules.TryGetValue(written, out var rule))
            rules[written] = rule = Rule.Of(policy);
        return rule;
    }
}
