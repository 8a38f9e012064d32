using Warder.Conventions.Tests.Rules;

namespace Warder.Conventions.Tests;

/// <summary>A rule's own tests give it files that were never written, and see what it finds.</summary>
internal static class Planted
{
    public static SourceFile File(string path, string text = "") => new(path, text);

    /// <summary>Where the violations are.</summary>
    public static List<string> Places(IEnumerable<Violation> found) => [.. found.Select(violation => violation.Where).Distinct()];

    public static string Project(params string[] references)
        => $"<Project>{string.Concat(references.Select(name => $"<ProjectReference Include=\"../{name}/{name}.csproj\" />"))}</Project>";
}
