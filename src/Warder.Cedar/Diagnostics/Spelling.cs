namespace Warder.Cedar.Diagnostics;

/// <summary>Suggests corrections of misspelled names.</summary>
public static class Spelling
{
    private const int LongestName = 64;

    // Without these bounds, a schema with very many names would make each of its errors slow.
    private const int MostCandidates = 10_000;
    private const int MostCompared = 500;

    private const int CharactersAStep = 32;

    /// <summary>Formats <c>did you mean `…`?</c> with the nearest candidate.</summary>
    /// <returns>The suggestion; null when no candidate is near.</returns>
    public static string? Help(string given, IEnumerable<string> candidates)
        => Nearest(given, candidates) is { } name ? HelpWith(name) : null;

    /// <summary>
    /// Finds the candidate with the smallest edit distance: the number of changed, missing, additional or swapped characters.
    /// </summary>
    /// <returns>The nearest candidate; null when no candidate is near.</returns>
    public static string? Nearest(string given, IEnumerable<string> candidates) => Nearest(given, candidates, out _);

    /// <summary><c>did you mean `…`?</c></summary>
    internal static string HelpWith(string name) => $"did you mean `{name}`?";

    /// <summary>
    /// Finds the nearest candidate, and counts the validation steps. The method compares only a bounded number of candidates.
    /// </summary>
    internal static string? Nearest(string given, IEnumerable<string> candidates, out long steps)
    {
        steps = 1;
        if (given.Length > LongestName)
            return null;
        string? nearest = null;
        var bound = Math.Max(1, given.Length / 3) + 1;
        var compared = 0;
        foreach (var candidate in candidates.Take(MostCandidates))
        {
            steps += 2;
            if (candidate.Length > LongestName || Math.Abs(candidate.Length - given.Length) >= bound)
                continue;
            if (compared++ == MostCompared)
                break;
            steps += given.Length * candidate.Length / CharactersAStep * 2;
            var distance = candidate.Equals(given, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(given, candidate);
            if (distance < bound)
                (nearest, bound) = (candidate, distance);
        }

        return nearest;
    }

    private static int Distance(ReadOnlySpan<char> from, ReadOnlySpan<char> to)
    {
        Span<int> older = stackalloc int[to.Length + 1], previous = stackalloc int[to.Length + 1], current = stackalloc int[to.Length + 1];
        for (var j = 0; j <= to.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(changed, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    current[j] = Math.Min(current[j], older[j - 2] + 1);
            }

            var oldest = older;
            older = previous;
            previous = current;
            current = oldest;
        }

        return previous[to.Length];
    }
}
