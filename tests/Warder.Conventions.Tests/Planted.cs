using Warder.Conventions.Tests.Rules;

namespace Warder.Conventions.Tests;

/// <summary>Creates files in memory for the tests of a rule.</summary>
internal static class Planted
{
    public static SourceFile File(string path, string text = "") => new(path, text);

    /// <summary>Returns the places of the violations.</summary>
    public static List<string> Places(IEnumerable<Violation> found) => [.. found.Select(violation => violation.Where).Distinct()];

    public static string Project(params string[] references)
        => $"<Project>{string.Concat(references.Select(name => $"<ProjectReference Include=\"../{name}/{name}.csproj\" />"))}</Project>";
}
