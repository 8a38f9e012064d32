namespace Warder.Storage.Lists;

/// <summary>Text that a pattern shall match literally.</summary>
internal static class Like
{
    public static string Escape(string text)
        => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
