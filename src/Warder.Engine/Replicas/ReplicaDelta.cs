using Warder.Contracts.Replicas;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage;

namespace Warder.Engine.Replicas;

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
            List<CacheDelta> deltas =
                [.. each.CacheDeltas.Where(delta => delta.IsKnown ? isOwn && IsOfKeys(delta) : delta.Concern != CacheConcern.None)];
            if (deltas.Count > 0)
                concerning.Add(new LoggedCacheDeltas(each.Sequence, CacheDeltaText.Write(deltas)));
        }

        return concerning;
    }

    private static bool IsOfKeys(CacheDelta delta) => !delta.ConcernsManagement || delta.Kind == CacheDeltaKind.Environment;

    /// <summary>A message of them.</summary>
    public static LogDelta Of(long after, IReadOnlyList<LoggedCacheDeltas> events, LogPosition position) => new(after, events, new LogPlace(position.Sequence, position.Hash));
}
