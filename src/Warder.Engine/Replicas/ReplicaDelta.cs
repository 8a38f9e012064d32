using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Protocol;
using Warder.Storage;

namespace Warder.Engine.Replicas;

/// <summary>
/// Selects the part of the log that the replicas of an environment receive: the events that concern its keys or their token formats.
/// </summary>
internal static class ReplicaDelta
{
    /// <summary>Selects the events that change an environment's keys or its token formats.</summary>
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

    /// <summary>Composes a message of events.</summary>
    public static LogDelta Of(long after, IReadOnlyList<LoggedCacheDeltas> events, LogPosition position)
        => new(after, events, new LogPlace(position.Sequence, position.Hash));
}
