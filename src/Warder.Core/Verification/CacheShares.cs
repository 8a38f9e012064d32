using System.Runtime.InteropServices;

namespace Warder.Core.Verification;

/// <summary>
/// How many of the cached entries each environment has, and whose may go when the cache is full. Each environment's share is the capacity
/// divided by their number: one that has its share makes room among its own entries, one that has less makes room among those of
/// environments that have more.
/// </summary>
/// <remarks>A mutable holder without a lock of its own: every member is called under <see cref="KeyCache"/>'s.</remarks>
internal sealed class CacheShares(int capacity)
{
    private readonly Dictionary<int, int> counts = [];

    /// <summary>An environment has one more.</summary>
    public void Add(int environment) => CollectionsMarshal.GetValueRefOrAddDefault(counts, environment, out _)++;

    /// <summary>An environment has one less.</summary>
    public void Remove(int environment)
    {
        if (--CollectionsMarshal.GetValueRefOrAddDefault(counts, environment, out _) == 0)
            counts.Remove(environment);
    }

    /// <summary>How many an environment has.</summary>
    public int CountOf(int environment) => counts.GetValueOrDefault(environment);

    /// <summary>Whether an entry of one environment may go for one of another, or of the same.</summary>
    public bool MayGo(int leaving, int coming)
    {
        var share = Math.Max(1, capacity / (counts.Count + (counts.ContainsKey(coming) ? 0 : 1)));
        return CountOf(coming) >= share ? leaving == coming : CountOf(leaving) > share;
    }
}
