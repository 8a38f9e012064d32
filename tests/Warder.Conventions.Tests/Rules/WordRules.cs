namespace Warder.Conventions.Tests.Rules;

/// <summary>What no file of the repository may speak of.</summary>
internal static class WordRules
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
}
