using Warder.Contracts.Replicas;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage;

namespace Warder.Server.Replicas;

/// <summary>
/// What the replicas of an environment are told of the log: what concerns its keys, or what they look like, and nothing else.
/// </summary>
internal static class ReplicaDelta
{
    /// <summary>The events that do something to an environment's keys, or to what is a key's token there.</summary>
    public static List<LoggedCacheDeltas> For(int environment, IReadOnlyList<LogEvent> events)
    {
        var concerning = new List<LoggedCacheDeltas>();
        foreach (var each in events)
        {
            var isOwn = each.Environment == environment;
            List<CacheDelta> effects = [.. each.CacheDeltas.Where(effect => effect.IsKnown ? isOwn && IsOfKeys(effect) : effect.Concern != CacheConcern.None)];
            if (effects.Count > 0)
                concerning.Add(new LoggedCacheDeltas(each.Sequence, CacheDeltaText.Write(effects)));
        }

        return concerning;
    }

    private static bool IsOfKeys(CacheDelta effect) => !effect.ConcernsManagement || effect.Kind == CacheDeltaKind.Environment;

    /// <summary>A message of them.</summary>
    public static LogDelta Of(long after, IReadOnlyList<LoggedCacheDeltas> events, LogPosition position) => new(after, events, new LogPlace(position.Sequence, position.Hash));
}
