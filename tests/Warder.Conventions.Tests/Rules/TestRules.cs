using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Warder.Conventions.Tests.Rules;

/// <summary>Rules on tests, and on the documents that name them.</summary>
internal static partial class TestRules
{
    private static readonly HashSet<string> SkippingArguments =
        ["Skip", "SkipUnless", "SkipWhen", "SkipType", "SkipExceptions", "Explicit"];

    private static readonly HashSet<string> TestAttributes = ["Fact", "Theory", "Property"];

    /// <summary>A skipped test guards nothing.</summary>
    public static IEnumerable<Violation> Skips(IEnumerable<SourceFile> tests)
    {
        foreach (var test in tests)
        {
            if (IsNode(test) && NodeSkip().Match(test.Text) is { Success: true } skip)
                yield return new Violation(test.Path, $"skips a test: {skip.Value}");
            if (!test.IsCSharp)
                continue;
            foreach (var argument in test.Syntax.DescendantNodes().OfType<AttributeArgumentSyntax>())
            {
                if (argument.NameEquals is { } name && SkippingArguments.Contains(name.Name.Identifier.Text))
                    yield return new Violation(PlaceOf(argument, test), $"is skipped: {argument.Parent?.Parent}");
            }

            foreach (var access in test.Syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
            {
                if (access.Expression.ToString() == "Assert" && access.Name.Identifier.Text.StartsWith("Skip", StringComparison.Ordinal))
                    yield return new Violation(PlaceOf(access, test), $"is skipped: {access}");
            }
        }
    }

    /// <summary>
    /// Each point of the section "## Invariants" ends with its tests: <c>— `ClassName.Test_name`</c>, or
    /// <c>— `file.mjs: title of the test`</c>; several with commas between.
    /// </summary>
    public static IEnumerable<Violation> Invariants(SourceFile architecture, IEnumerable<SourceFile> tests)
    {
        var points = Points(architecture.Text).ToList();
        if (points.Count == 0)
            yield return new Violation(architecture.Path, "has no point under \"## Invariants\"");
        var names = tests.SelectMany(NamesOf).ToHashSet();
        foreach (var point in points)
        {
            var proofs = Quoted().Matches(point[(point.LastIndexOf('—') + 1)..]).Select(match => match.Groups[1].Value).ToList();
            if (proofs.Count == 0)
                yield return new Violation(architecture.Path, $"names no test (— `ClassName.Test_name`): {point}");
            foreach (var proof in proofs.Where(proof => !names.Contains(proof)))
                yield return new Violation(architecture.Path, $"there is no test {proof}");
        }
    }

    private static string PlaceOf(SyntaxNode node, SourceFile test)
        => $"{test.Path}#{node.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.Text}";

    private static IEnumerable<string> Points(string markdown)
    {
        string? point = null;
        var inside = false;
        foreach (var line in markdown.Split('\n').Select(line => line.TrimEnd()))
        {
            var starts = line.StartsWith("- ", StringComparison.Ordinal);
            if (point is not null && (starts || line.Length == 0 || line.StartsWith('#')))
            {
                yield return point;
                point = null;
            }

            if (line.StartsWith("## ", StringComparison.Ordinal))
                inside = line == "## Invariants";
            else if (inside && starts)
                point = line[2..];
            else if (point is not null)
                point += " " + line.TrimStart();
        }

        if (point is not null)
            yield return point;
    }

    private static IEnumerable<string> NamesOf(SourceFile test)
    {
        if (IsNode(test))
            return NodeTest().Matches(test.Text).Select(match => $"{test.Name}: {match.Groups[2].Value.Replace("\\", "")}");
        if (!test.IsCSharp)
            return [];
        return from method in test.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
               where method.AttributeLists.SelectMany(list => list.Attributes).Any(it => TestAttributes.Contains(it.Name.ToString()))
               let type = method.Parent as TypeDeclarationSyntax
               where type is not null
               select $"{type.Identifier.Text}.{method.Identifier.Text}";
    }

    private static bool IsNode(SourceFile test)
        => test.Path.EndsWith(".mjs", StringComparison.Ordinal) || test.Path.EndsWith(".js", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(test|it|describe|suite|t)\.(skip|todo|only)\b|\b(skip|todo)\s*:")]
    private static partial Regex NodeSkip();

    [GeneratedRegex("""\b(?:test|it)\(\s*(['"`])((?:\\.|(?!\1).)*)\1""")]
    private static partial Regex NodeTest();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
