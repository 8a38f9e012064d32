using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Warder.Conventions.Tests.Rules;

/// <summary>Rules on the names that a project may use.</summary>
internal static partial class RoomRules
{
    private static readonly HashSet<string> AmbientTypes = ["Random", "RandomNumberGenerator", "Stopwatch"];

    private static readonly HashSet<(string Type, string Member)> AmbientMembers =
    [
        ("DateTime", "Now"), ("DateTime", "UtcNow"), ("DateTime", "Today"), ("DateTimeOffset", "Now"), ("DateTimeOffset", "UtcNow"),
        ("TimeProvider", "System"), ("Environment", "TickCount"), ("Environment", "TickCount64"),
        ("Guid", "NewGuid"), ("Guid", "CreateVersion7"), ("Path", "GetRandomFileName"), ("Path", "GetTempFileName"),
    ];

    /// <summary>
    /// Time and randomness are arguments. The analyzers ban the ambient ones at each build; this rule also finds code that suppresses them.
    /// </summary>
    public static IEnumerable<Violation> Ambient(IEnumerable<SourceFile> sources, IReadOnlyCollection<string> homes)
    {
        foreach (var source in sources.Where(source => source.IsCSharp && !homes.Contains(source.Path)))
        {
            if (source.Text.Contains("RS0030", StringComparison.Ordinal))
                yield return new Violation(source.Path, "silences the ban on ambient time and randomness (RS0030)");
            foreach (var name in source.Syntax.DescendantNodes().OfType<SimpleNameSyntax>())
            {
                var qualifier = QualifierOf(name);
                var text = name.Identifier.Text;
                var isType = AmbientTypes.Contains(text) && qualifier is null or "System" or "Diagnostics" or "Cryptography";
                if (isType || AmbientMembers.Contains((qualifier ?? "", text)))
                    yield return new Violation(source.Path, $"line {SourceFile.LineOf(name.Identifier)}: take {text} as an argument");
            }
        }
    }

    /// <summary>.editorconfig lifts the analyzers' ban for those homes alone.</summary>
    public static IEnumerable<Violation> AmbientBan(SourceFile editorconfig, IReadOnlyCollection<string> homes)
    {
        var section = "";
        foreach (var line in editorconfig.Text.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith('[') && line.EndsWith(']'))
                section = line[1..^1];
            else if (line.Contains("RS0030", StringComparison.Ordinal) && !homes.Contains(section))
                yield return new Violation(editorconfig.Path, $"[{section}] changes RS0030");
        }
    }

    /// <summary>Some names may occur in some projects only: HTTP's, JSON's and the database's.</summary>
    public static IEnumerable<Violation> Names(IEnumerable<SourceFile> sources, IReadOnlyDictionary<string, string[]> rooms)
        => from source in sources
           where source.IsCSharp
           from name in source.Syntax.DescendantNodes().OfType<SimpleNameSyntax>()
           where rooms.TryGetValue(name.Identifier.Text, out var projects) && !projects.Contains(source.Project)
           select new Violation(source.Path, $"line {SourceFile.LineOf(name.Identifier)} names {name.Identifier.Text}, which is at home in "
               + string.Join(", ", rooms[name.Identifier.Text]));

    /// <summary>One project contains all SQL.</summary>
    public static IEnumerable<Violation> Sql(IEnumerable<SourceFile> sources, string room)
    {
        foreach (var source in sources.Where(source => source.Project != room))
        {
            if (source.Path.EndsWith(".sql", StringComparison.Ordinal))
                yield return new Violation(source.Path, $"is SQL outside {room}");
            if (!source.IsCSharp)
                continue;
            foreach (var token in source.Syntax.DescendantTokens().Where(IsText))
            {
                if (SqlText().IsMatch(token.Text))
                    yield return new Violation(source.Path, $"line {SourceFile.LineOf(token)} holds SQL, which is at home in {room}");
            }
        }
    }

    private static bool IsText(SyntaxToken token) => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.Utf8StringLiteralToken
        or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
        or SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken
        or SyntaxKind.InterpolatedStringTextToken;

    // Returns the name before the dot: "DateTime" in DateTime.UtcNow and in System.DateTime.UtcNow; null where there is no dot.
    private static string? QualifierOf(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access when access.Name == name => RightmostName(access.Expression),
        QualifiedNameSyntax qualified when qualified.Right == name => RightmostName(qualified.Left),
        _ => null,
    };

    private static string RightmostName(SyntaxNode node) => node switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
        SimpleNameSyntax simple => simple.Identifier.Text,
        _ => "",
    };

    // Upper case followed by white space: SQL is written so here, and prose is not.
    [GeneratedRegex(
        @"\b(SELECT\s|INSERT (OR \w+ )?INTO\s|UPDATE \w+ SET\s|DELETE FROM\s|"
        + @"(CREATE|DROP|ALTER) (TABLE|INDEX|UNIQUE INDEX)\s|PRAGMA \w|BEGIN IMMEDIATE)")]
    private static partial Regex SqlText();
}
