namespace Warder.Cedar.Diagnostics;

/// <summary>What is said of something that was read, however long that is.</summary>
internal static class Shortened
{
    private const int MostCharacters = 4_000;

    /// <summary>The text, or the beginning of a very long one.</summary>
    public static string Text(string text)
    {
        if (text.Length <= MostCharacters)
            return text;
        var length = char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        return $"{text.AsSpan(0, length)}…";
    }
}
