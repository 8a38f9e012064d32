using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Warder.Conventions.Tests.Rules;

/// <summary>Words that files of the repository avoid.</summary>
internal static partial class WordRules
{
    // In two halves, so that this file is not the first to break its own rule.
    private static readonly string[] Words = ["/wo" + "rk/", ".lib" + "rary", "this ses" + "sion", "closing " + "note"];

    /// <summary>The repository speaks of Warder, not of the place or the day at which a line was written.</summary>
    public static IEnumerable<Violation> Workplace(IEnumerable<SourceFile> files)
        => from file in files
           from line in file.Text.Split('\n').Select((text, index) => (Text: text, Number: index + 1))
           from word in Words
           where line.Text.Contains(word, StringComparison.OrdinalIgnoreCase)
           select new Violation(file.Path, $"line {line.Number} speaks of a workplace: \"{word}\"");

    /// <summary>
    /// Comments avoid turns of phrase that hide the subject of a clause. The place of a violation is the file; of a project in the list, the
    /// project.
    /// </summary>
    public static IEnumerable<Violation> Phrases(IEnumerable<SourceFile> sources, IEnumerable<string> turns, IReadOnlyCollection<string> wholeProjects)
    {
        var banned = new Regex($@"\b({string.Join('|', turns.Select(Regex.Escape))})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        return from source in sources
               where source.IsCSharp
               from comment in source.Syntax.DescendantTrivia(descendIntoTrivia: false)
               where comment.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
                   or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia
               let text = CodeNames().Replace(comment.ToFullString(), static code => new string('.', code.Length))
               from match in banned.Matches(text)
               let line = comment.GetLocation().GetLineSpan().StartLinePosition.Line + text.AsSpan(0, match.Index).Count('\n') + 1
               select new Violation(
                   wholeProjects.Contains(source.Project) ? "src/" + source.Project : source.Path, $"line {line} has \"{match.Value}\": name the component that acts");
    }

    // Names of code in a doc comment.
    [GeneratedRegex("""(cref|name)="[^"]*"|<c>[^<]*</c>""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeNames();
}
