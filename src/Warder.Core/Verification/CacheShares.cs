using System.Runtime.InteropServices;

namespace Warder.Core.Verification;

/// <summary>
/// Counts the cached entries of each environment, and selects the environment that gives up an entry when the cache is full. The share of
/// an environment is the capacity divided by the number of environments. At its share, an environment evicts its own entries. Below it,
/// entries of environments above their share are evicted.
/// </summary>
/// <remarks>Mutable, without a lock: every member is called under the lock of <see cref="KeyCache"/>.</remarks>
internal sealed class CacheShares(int capacity)
{
    private readonly Dictionary<int, int> counts = [];

    /// <summary>Counts one more entry of an environment.</summary>
    public void Add(int environment) => CollectionsMarshal.GetValueRefOrAddDefault(counts, environment, out _)++;

    /// <summary>Counts one entry of an environment less.</summary>
    public void Remove(int environment)
    {
        if (--CollectionsMarshal.GetValueRefOrAddDefault(counts, environment, out _) == 0)
            counts.Remove(environment);
    }

    /// <summary>The number of cached entries of an environment.</summary>
    public int CountOf(int environment) => counts.GetValueOrDefault(environment);

    /// <summary>Whether an entry of one environment may be evicted for an entry of another, or of the same.</summary>
    public bool MayGo(int leaving, int coming)
    {
        var share = Math.Max(1, capacity / (counts.Count + (counts.ContainsKey(coming) ? 0 : 1)));
        return CountOf(coming) >= share ? leaving == coming : CountOf(leaving) > share;
    }
}
