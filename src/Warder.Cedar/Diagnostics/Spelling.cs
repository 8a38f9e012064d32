namespace Warder.Cedar.Diagnostics;

/// <summary>What somebody may have meant who wrote a name that is not there.</summary>
public static class Spelling
{
    private const int LongestName = 64;

    /// <summary><c>did you mean `…`?</c> with the nearest candidate, or null when none is near.</summary>
    public static string? Help(string given, IEnumerable<string> candidates) => Nearest(given, candidates) is { } name ? $"did you mean `{name}`?" : null;

    /// <summary>The candidate that fewest changed, missing, additional or swapped characters tell from what was given; null when none is near.</summary>
    public static string? Nearest(string given, IEnumerable<string> candidates)
    {
        if (given.Length > LongestName)
            return null;
        string? nearest = null;
        var bound = Math.Max(1, given.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (candidate.Length > LongestName || Math.Abs(candidate.Length - given.Length) >= bound)
                continue;
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
