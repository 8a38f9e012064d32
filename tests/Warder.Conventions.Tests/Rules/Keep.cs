namespace Warder.Conventions.Tests.Rules;

/// <summary>Turns the violations of a rule into a test that passes or fails.</summary>
internal static class Keep
{
    private const int MostShown = 40;

    /// <summary>Returns the violations that no exception covers, and the exceptions that cover none or give no reason.</summary>
    public static IEnumerable<Violation> Except(IEnumerable<Violation> found, IReadOnlyDictionary<string, string> exceptions)
    {
        var violations = found.ToList();
        var places = violations.Select(violation => violation.Where).ToHashSet();
        foreach (var violation in violations.Where(violation => !exceptions.ContainsKey(violation.Where)))
            yield return violation;
        foreach (var (where, why) in exceptions)
        {
            if (!places.Contains(where))
                yield return new Violation(where, "is excepted and need not be: take it out of the list");
            else if (string.IsNullOrWhiteSpace(why))
                yield return new Violation(where, "is excepted without a reason");
        }
    }

    public static void Rule(IEnumerable<Violation> found) => Rule(found, new Dictionary<string, string>());

    public static void Rule(IEnumerable<Violation> found, IReadOnlyDictionary<string, string> exceptions)
    {
        var lines = Except(found, exceptions).Select(violation => $"{violation.Where}: {violation.What}").Distinct().ToList();
        if (lines.Count > 0)
        {
            var shown = string.Join("\n  ", lines.Take(MostShown)) + (lines.Count > MostShown ? "\n  …" : "");
            Assert.Fail($"{lines.Count} to mend (lists and exceptions: tests/Warder.Conventions.Tests/Agreed.cs)\n  {shown}");
        }
    }
}
