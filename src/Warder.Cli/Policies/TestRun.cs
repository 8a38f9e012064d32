using Warder.Cedar;

namespace Warder.Cli.Policies;

/// <summary>What came of one test.</summary>
/// <param name="Test">The test.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="Differences">What is not as it should be; none when the test passed.</param>
internal sealed record TestResult(PolicyTest Test, Decision Decision, IReadOnlyList<string> Differences)
{
    /// <summary>Whether all is as it should be.</summary>
    public bool Passed => Differences.Count == 0;
}

/// <summary>Runs tests.</summary>
internal static class TestRun
{
    /// <summary>Decides a test's request, and compares.</summary>
    public static TestResult Run(TestFile file, PolicyTest test)
    {
        var decision = Authorizer.Decide(file.Policies, test.Request, file.Entities);
        var differences = new List<string>();
        if (decision.IsAllowed != test.IsAllowed)
            differences.Add($"expected {Word(test.IsAllowed)}, decided {Word(decision.IsAllowed)}");
        Compare(differences, "reasons", test.Reasons, decision.Reasons);
        Compare(differences, "errors", test.Errors, decision.Errors.Select(error => error.PolicyId));
        return new TestResult(test, decision, differences);
    }

    /// <summary>What a decision is called.</summary>
    public static string Word(bool isAllowed) => isAllowed ? "allow" : "deny";

    private static void Compare(List<string> differences, string what, IReadOnlySet<string>? expected, IEnumerable<string> found)
    {
        var all = found.ToHashSet(StringComparer.Ordinal);
        if (expected?.SetEquals(all) == false)
            differences.Add($"expected {what} {List(expected)}, found {List(all)}");
    }

    private static string List(IEnumerable<string> ids) => string.Join(", ", ids.Order(StringComparer.Ordinal)) is { Length: > 0 } all ? all : "none";
}
