using System.Text;

namespace Warder.Cli.Output;

/// <summary>
/// Removes text that may be a secret from messages: a user can paste a key where a command takes another argument, and logs and screens
/// keep standard error.
/// </summary>
internal static class Redaction
{
    /// <summary>The shortest word that is removed. Shorter random text is not used as a key.</summary>
    private const int MinLength = 20;

    /// <summary>The length of the random part of Warder's ids, which are not secret.</summary>
    private const int IdLength = 26;

    private const string Removed = "[not shown: it may be a secret]";

    /// <summary>Replaces each word that has the form of a key. Ids of Warder and paths stay.</summary>
    public static string Of(string text)
    {
        StringBuilder? result = null;
        var copied = 0;
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && IsOfWord(text[end]))
                end++;
            if (IsSecret(text.AsSpan(i, end - i)))
            {
                (result ??= new StringBuilder()).Append(text, copied, i - copied).Append(Removed);
                copied = end;
            }

            i = Math.Max(end, i + 1);
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '+' or '=';

    private static bool IsSecret(ReadOnlySpan<char> word)
    {
        if (word.IndexOf('=') is > 0 and var at && word[0] == '-')
            word = word[(at + 1)..];
        if (word.StartsWith("wdrm_"))
            return word.Length > MinLength;
        if (word.Length < MinLength || word[0] is '/' or '.' || IsId(word))
            return false;
        return word.ContainsAnyInRange('0', '9') && (word.ContainsAnyInRange('a', 'z') || word.ContainsAnyInRange('A', 'Z'));
    }

    private static bool IsId(ReadOnlySpan<char> word)
    {
        var random = word[(word.LastIndexOf('_') + 1)..];
        return random.Length == IdLength && random.Length < word.Length && !random.ContainsAnyInRange('a', 'z');
    }
}
