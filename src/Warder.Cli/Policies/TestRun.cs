using Warder.Cedar;

namespace Warder.Cli.Policies;

/// <summary>The result of one test.</summary>
/// <param name="Test">The test.</param>
/// <param name="Decision">The actual decision.</param>
/// <param name="Differences">The differences from the expected result; none when the test passed.</param>
internal sealed record TestResult(PolicyTest Test, Decision Decision, IReadOnlyList<string> Differences)
{
    /// <summary>Whether the result is as expected.</summary>
    public bool Passed => Differences.Count == 0;
}

/// <summary>Runs tests.</summary>
internal static class TestRun
{
    /// <summary>Decides the request of a test, and compares the decision with the expected one.</summary>
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

    /// <summary>Returns the name of a decision in files and reports.</summary>
    public static string Word(bool isAllowed) => isAllowed ? "allow" : "deny";

    private static void Compare(List<string> differences, string what, IReadOnlySet<string>? expected, IEnumerable<string> found)
    {
        var all = found.ToHashSet(StringComparer.Ordinal);
        if (expected?.SetEquals(all) == false)
            differences.Add($"expected {what} {List(expected)}, found {List(all)}");
    }

    private static string List(IEnumerable<string> ids)
        => string.Join(", ", ids.Order(StringComparer.Ordinal)) is { Length: > 0 } all ? all : "none";
}
