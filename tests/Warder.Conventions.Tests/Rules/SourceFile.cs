using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Warder.Conventions.Tests.Rules;

/// <summary>One text file of the checkout. A planted one has the same form as a real one.</summary>
/// <param name="Path">Relative to the checkout's root, with forward slashes.</param>
/// <param name="Text">The whole text.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.None);

    private readonly Lazy<SyntaxNode> syntax = new(() => CSharpSyntaxTree.ParseText(Text, Options, Path).GetRoot());

    /// <summary>The file as the compiler parses it. Comments and strings are not identifiers here.</summary>
    public SyntaxNode Syntax => syntax.Value;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Folder => Path.Contains('/') ? Path[..Path.LastIndexOf('/')] : "";

    /// <summary>The project that the file belongs to: <c>Warder.Core</c>; empty outside src/.</summary>
    public string Project => Path.Split('/') is ["src", var project, _, ..] ? project : "";

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public int LineCount => Text.Length == 0 ? 0 : Text.AsSpan().Count('\n') + (Text.EndsWith('\n') ? 0 : 1);

    /// <summary>Returns the line of a token, counted from 1.</summary>
    public static int LineOf(SyntaxToken token) => token.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
