using System.Text.RegularExpressions;

namespace Warder.Cedar.Fuzz.Mutations;

/// <summary>
/// Cuts text into pieces that mean something in Cedar, in its schemas and in JSON alike; blanks and comments are pieces, too.
/// </summary>
internal static partial class Tokens
{
    public static List<string> Of(string text) => [.. Piece().Matches(text).Select(match => match.Value)];

    [GeneratedRegex("""\s+|//[^\n]*|"(?:[^"\\]|\\.)*"|[\p{L}\p{N}_]+|::|==|!=|<=|>=|&&|\|\||[\uD800-\uDBFF][\uDC00-\uDFFF]|.""", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Piece();
}
