using System.Runtime.InteropServices;

namespace Warder.Engine.Streams;

/// <summary>The bound that a claim on a node's resource exceeds. The default refuses the claim.</summary>
internal enum ShareBound
{
    /// <summary>The bound on all claims together.</summary>
    Node,

    /// <summary>The bound on one environment: half of the node's.</summary>
    Environment,

    /// <summary>The bound on one management key.</summary>
    ManagementKey,

    /// <summary>The claim exceeds no bound.</summary>
    None,
}

/// <summary>
/// Divides one bounded resource of a node among management keys and environments: a key holds at most <paramref name="perManagementKey"/>,
/// an environment half of
/// <paramref name="capacity"/>, and the last tenth is reserved for environments that hold no more than <paramref name="floor"/>.
/// </summary>
/// <remarks>
/// Thread-safe. Without the key's bound, one key holds everything. Without the environment's, many keys of one tenant do. Without the
/// reserve, two tenants leave nothing for a third.
/// </remarks>
/// <param name="capacity">Units of the node.</param>
/// <param name="perManagementKey">Units of one management key.</param>
/// <param name="floor">Units up to which an environment may use the reserve.</param>
internal sealed class NodeShare(long capacity, long perManagementKey, long floor)
{
    private const int ReservedPart = 10;

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> ofKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> ofEnvironments = [];
    private long used;

    /// <summary>Units in use.</summary>
    public long Used
    {
        get
        {
            lock (gate)
                return used;
        }
    }

    /// <summary>Takes units, all or none.</summary>
    /// <param name="managementKeyId">The key that holds them.</param>
    /// <param name="environment">The key's environment.</param>
    /// <param name="units">The number of units.</param>
    /// <param name="part">The divisor of every bound: 2 allows half of it.</param>
    /// <returns>The exceeded bound; none when the units were taken.</returns>
    public ShareBound TryTake(string managementKeyId, int environment, long units, int part = 1)
    {
        lock (gate)
        {
            ref var ofKey = ref CollectionsMarshal.GetValueRefOrAddDefault(ofKeys, managementKeyId, out _);
            ref var ofEnvironment = ref CollectionsMarshal.GetValueRefOrAddDefault(ofEnvironments, environment, out _);
            if (Exceeded(ofKey, ofEnvironment, used, units, part) is var bound and not ShareBound.None)
            {
                Forget(managementKeyId, environment);
                return bound;
            }

            ofKey += units;
            ofEnvironment += units;
            used += units;
            return ShareBound.None;
        }
    }

    /// <summary>Returns units.</summary>
    public void Return(string managementKeyId, int environment, long units)
    {
        lock (gate)
        {
            ofKeys[managementKeyId] -= units;
            ofEnvironments[environment] -= units;
            used -= units;
            Forget(managementKeyId, environment);
        }
    }

    /// <summary>Determines the bound that a claim exceeds.</summary>
    /// <param name="ofKey">Units that the management key holds.</param>
    /// <param name="ofEnvironment">Units that its environment holds.</param>
    /// <param name="ofAll">Units in use.</param>
    /// <param name="units">The claim.</param>
    /// <param name="part">The divisor of every bound: 2 allows half of it.</param>
    /// <returns>The exceeded bound; none when there is room.</returns>
    public ShareBound Exceeded(long ofKey, long ofEnvironment, long ofAll, long units, int part = 1)
    {
        if (ofKey + units > perManagementKey / part)
            return ShareBound.ManagementKey;
        if (ofEnvironment + units > capacity / 2 / part)
            return ShareBound.Environment;
        var open = ofEnvironment + units <= floor ? capacity : capacity - (capacity / ReservedPart);
        return ofAll + units > open / part ? ShareBound.Node : ShareBound.None;
    }

    // Removes entries of zero, so that the units in use bound the dictionaries.
    private void Forget(string managementKeyId, int environment)
    {
        if (ofKeys.TryGetValue(managementKeyId, out var ofKey) && ofKey == 0)
            ofKeys.Remove(managementKeyId);
        if (ofEnvironments.TryGetValue(environment, out var ofEnvironment) && ofEnvironment == 0)
            ofEnvironments.Remove(environment);
    }
}
