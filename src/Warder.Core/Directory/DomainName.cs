namespace Warder.Core.Directory;

/// <summary>The text of a domain name.</summary>
public static class DomainName
{
    /// <summary>The most characters of a name.</summary>
    public const int MaxCharacters = 253;

    private const int LabelCharacters = 63;

    /// <summary>
    /// Reads a domain name of two or more labels (RFC 1035: letters, digits and inner hyphens). Case has no meaning in a name, so the
    /// result is in lower case. A name in another script has its ASCII form: <c>xn--…</c>.
    /// </summary>
    /// <returns>Null: the text is no domain name.</returns>
    public static string? Read(string text)
    {
        var labels = text.Split('.');
        if (text.Length > MaxCharacters || labels.Length < 2)
            return null;
        foreach (var label in labels)
        {
            if (label.Length is 0 or > LabelCharacters || label[0] == '-' || label[^1] == '-'
                || !label.All(static character => char.IsAsciiLetterOrDigit(character) || character == '-'))
                return null;
        }

        return text.ToLowerInvariant();
    }
}
