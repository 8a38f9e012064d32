namespace Warder.Cedar.Diagnostics;

/// <summary>Shortens text that quotes input of any length.</summary>
internal static class Shortened
{
    private const int MostCharacters = 4_000;

    /// <summary>Returns the text, or the beginning of a very long text.</summary>
    public static string Text(string text)
    {
        if (text.Length <= MostCharacters)
            return text;
        var length = char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        return $"{text.AsSpan(0, length)}…";
    }
}
