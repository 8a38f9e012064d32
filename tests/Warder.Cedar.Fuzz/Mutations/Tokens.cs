using System.Text.RegularExpressions;

namespace Warder.Cedar.Fuzz.Mutations;

/// <summary>Splits text into tokens common to Cedar, its schemas and JSON; blanks and comments are tokens, too.</summary>
internal static partial class Tokens
{
    public static List<string> Of(string text) => [.. Piece().Matches(text).Select(match => match.Value)];

    [GeneratedRegex("""\s+|//[^\n]*|"(?:[^"\\]|\\.)*"|[\p{L}\p{N}_]+|::|==|!=|<=|>=|&&|\|\||[\uD800-\uDBFF][\uDC00-\uDFFF]|.""",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Piece();
}
