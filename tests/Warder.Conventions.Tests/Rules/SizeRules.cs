using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Warder.Conventions.Tests.Rules;

/// <summary>Rules on the size of files, methods and folders.</summary>
internal static class SizeRules
{
    public static IEnumerable<Violation> Files(IEnumerable<SourceFile> sources, int limit)
        => from source in sources
           where !IsGenerated(source) && source.LineCount > limit
           select new Violation(source.Path, $"has {source.LineCount} lines; at most {limit}");

    /// <summary>A line's length is counted in characters: neither in bytes, nor in halves of a surrogate pair.</summary>
    public static IEnumerable<Violation> Lines(IEnumerable<SourceFile> sources, int limit)
        => from source in sources
           where source.IsCSharp
           from line in source.Text.Split('\n').Select(static (text, index) => (Columns: Columns(text), Number: index + 1))
           where line.Columns > limit
           select new Violation(source.Path, $"line {line.Number} has {line.Columns} columns; at most {limit}");

    /// <summary>A method's length is from its name's line to its last, without comments and attributes above it.</summary>
    public static IEnumerable<Violation> Methods(IEnumerable<SourceFile> sources, int limit)
        => from source in sources
           where source.IsCSharp
           from method in MethodsOf(source.Syntax)
           where method.Lines > limit
           select new Violation($"{source.Path}#{method.Name}", $"has {method.Lines} lines; at most {limit}");

    public static IEnumerable<Violation> Folders(IEnumerable<SourceFile> sources, int limit)
        => from source in sources
           where !IsGenerated(source) && !source.Path.EndsWith(".csproj", StringComparison.Ordinal)
           group source by source.Folder into folder
           where folder.Count() > limit
           select new Violation(folder.Key, $"holds {folder.Count()} files; at most {limit}");

    private static bool IsGenerated(SourceFile source) => source.Name is "packages.lock.json" or "package-lock.json";

    private static int Columns(string line) => line.TrimEnd('\r').EnumerateRunes().Count();

    private static IEnumerable<(string Name, int Lines)> MethodsOf(SyntaxNode root)
    {
        foreach (var node in root.DescendantNodes())
        {
            var method = node switch
            {
                MethodDeclarationSyntax it => (it.Identifier.Text, it.Identifier),
                ConstructorDeclarationSyntax it => (it.Identifier.Text, it.Identifier),
                DestructorDeclarationSyntax it => ("~" + it.Identifier.Text, it.Identifier),
                OperatorDeclarationSyntax it => ("operator" + it.OperatorToken.Text, it.OperatorKeyword),
                ConversionOperatorDeclarationSyntax it => ("operator " + it.Type, it.OperatorKeyword),
                PropertyDeclarationSyntax it => (it.Identifier.Text, it.Identifier),
                IndexerDeclarationSyntax it => ("this[]", it.ThisKeyword),
                LocalFunctionStatementSyntax it => (it.Identifier.Text, it.Identifier),
                _ => default,
            };
            if (method.Item1 is not null)
                yield return (method.Item1, Lines(method.Item2.Span.Start, node.Span.End, root));
        }

        var statements = root.ChildNodes().OfType<GlobalStatementSyntax>().ToList();
        if (statements.Count > 0)
            yield return ("top-level statements", Lines(statements[0].Span.Start, statements[^1].Span.End, root));
    }

    private static int Lines(int start, int end, SyntaxNode root)
    {
        var text = root.SyntaxTree.GetText();
        return text.Lines.IndexOf(end) - text.Lines.IndexOf(start) + 1;
    }
}
