using Warder.Cedar.Syntax;

namespace Warder.Cedar.Evaluation;

/// <summary>The conditions of a policy, ready to be evaluated. A template's links share its own.</summary>
internal sealed class Rule
{
    private readonly (Node Body, bool Wanted)[] _conditions;
    private readonly int _steps;

    private Rule((Node, bool)[] conditions, int steps) => (_conditions, _steps) = (conditions, steps);

    public static Rule Of(PolicySyntax policy)
    {
        var compiler = new Compiler();
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
