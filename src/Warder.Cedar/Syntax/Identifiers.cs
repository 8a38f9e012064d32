namespace Warder.Cedar.Syntax;

/// <summary>The rules for identifiers and names. (Cedar documentation: "Grammar", IDENT and RESERVED.)</summary>
public static class Identifiers
{
    /// <summary>The reserved identifiers, which are never names in policies.</summary>
    public static IReadOnlyList<string> Reserved { get; } = ["true", "false", "if", "then", "else", "in", "is", "like", "has"];

    /// <summary>The namespace of Cedar's own names. This identifier is never a part of another name.</summary>
    internal const string OwnNamespace = "__cedar";

    /// <summary>Whether a text is an identifier: ASCII letters, digits and underscores, not starting with a digit.</summary>
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

    /// <summary>Whether a text is a valid name of an attribute, type or namespace: an identifier that is not reserved.</summary>
    public static bool IsName(ReadOnlySpan<char> text)
        => IsIdentifier(text)
            && text is not ("true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has" or OwnNamespace);

    /// <summary>Whether a text consists of names joined by <c>::</c>.</summary>
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
