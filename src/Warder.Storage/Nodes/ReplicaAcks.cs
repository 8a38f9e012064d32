using System.Globalization;
using Warder.Storage.Journal;

namespace Warder.Storage.Nodes;

/// <summary>How far the replicas of a node have acknowledged the log, by environment.</summary>
/// <remarks>
/// Immutable. It holds beside the number that the node's own memory has applied: an environment without an entry, or with one that is not
/// lower, has no replica that lags behind that.
/// </remarks>
public sealed class ReplicaAcks : IEquatable<ReplicaAcks>
{
    private const long NoneLags = long.MaxValue;

    private readonly SortedDictionary<int, long> lowest;

    private ReplicaAcks(SortedDictionary<int, long> lowest) => this.lowest = lowest;

    /// <summary>No replicas.</summary>
    public static ReplicaAcks None { get; } = new([]);

    /// <summary>
    /// The lowest acknowledged number of the replicas that lag, over all environments; <see cref="long.MaxValue"/> when none lags.
    /// </summary>
    public long Lowest => lowest.Values.DefaultIfEmpty(NoneLags).Min();

    /// <summary>
    /// Makes the acknowledgements of replicas, each with its environment (0: unknown) and its number; null when it does not lag.
    /// </summary>
    public static ReplicaAcks Of(IEnumerable<(int Environment, long? Acknowledged)> replicas)
    {
        var lowest = new SortedDictionary<int, long>();
        foreach (var (environment, acknowledged) in replicas)
            lowest[environment] = Math.Min(lowest.GetValueOrDefault(environment, NoneLags), acknowledged ?? NoneLags);
        return lowest.Count == 0 ? None : new ReplicaAcks(lowest);
    }

    /// <summary>Whether every replica that matters to a scope has acknowledged an event.</summary>
    public bool Have(EnvironmentScope scope, long sequence)
    {
        foreach (var (environment, acknowledged) in lowest)
        {
            if (acknowledged < sequence && scope.Includes(environment))
                return false;
        }

        return true;
    }

    /// <summary>Whether replicas of an environment lag.</summary>
    public bool Concern(int environment) => lowest.ContainsKey(environment);

    /// <summary>The environments, each with the number, if one of its replicas lags: <c>1 2:45</c>.</summary>
    public string Write()
        => string.Join(' ', lowest.Select(static each => each.Value == NoneLags
            ? each.Key.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{each.Key}:{each.Value}")));

    /// <summary>
    /// Reads the text of <see cref="Write"/>. An unreadable part counts as a replica of unknown environment that has acknowledged nothing.
    /// </summary>
    public static ReplicaAcks Read(string text)
    {
        var lowest = new SortedDictionary<int, long>();
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var acknowledged = NoneLags;
            var isRead = int.TryParse(
                    colon < 0 ? part : part.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var environment)
                && (colon < 0 || long.TryParse(part.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out acknowledged));
            if (isRead)
                lowest[environment] = acknowledged;
            else
                lowest[EnvironmentScope.All.Number] = -1;
        }

        return lowest.Count == 0 ? None : new ReplicaAcks(lowest);
    }

    /// <inheritdoc/>
    public bool Equals(ReplicaAcks? other) => other is not null && lowest.SequenceEqual(other.lowest);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ReplicaAcks);

    /// <inheritdoc/>
    public override int GetHashCode() => lowest.Aggregate(0, static (hash, each) => HashCode.Combine(hash, each.Key, each.Value));
}
