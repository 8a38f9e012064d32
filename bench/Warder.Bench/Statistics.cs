namespace Warder.Bench;

/// <summary>Computes statistics of rounds.</summary>
internal static class Statistics
{
    /// <summary>Returns the median.</summary>
    public static double Median(this IEnumerable<double> values) => values.Quantile(0.5);

    /// <summary>Returns the value that this share of them stays at or below.</summary>
    public static double Quantile(this IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}
