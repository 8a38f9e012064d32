namespace Warder.Cedar.Syntax;

/// <summary>What may be called what. (Cedar documentation: "Grammar", IDENT and RESERVED.)</summary>
public static class Identifiers
{
    /// <summary>Identifiers that are never names in policies.</summary>
    public static IReadOnlyList<string> Reserved { get; } = ["true", "false", "if", "then", "else", "in", "is", "like", "has"];

    /// <summary>What names of Cedar's own begin with; nobody else's may.</summary>
    internal const string OwnNamespace = "__cedar";

    /// <summary>Whether a text has the form of an identifier: ASCII letters, digits and underscores, no digit first.</summary>
    public static bool IsIdentifier(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !IsStart(text[0]))
            return false;
        foreach (var character in text[1..])
        {
            if (!IsPart(character))
                return false;
        }

        return true;
    }

    /// <summary>Whether a text may be the name of an attribute, a type or a namespace: an identifier that is not reserved.</summary>
    public static bool IsName(ReadOnlySpan<char> text)
        => IsIdentifier(text) && text is not ("true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has" or OwnNamespace);

    /// <summary>Whether a text is names joined by <c>::</c>.</summary>
    public static bool IsPath(ReadOnlySpan<char> text)
    {
        for (var end = text.IndexOf("::"); end >= 0; end = text.IndexOf("::"))
        {
            if (!IsName(text[..end]))
                return false;
            text = text[(end + 2)..];
        }

        return IsName(text);
    }

    internal static bool IsStart(char character) => char.IsAsciiLetter(character) || character == '_';

    internal static bool IsPart(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';
}
