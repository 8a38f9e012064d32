using Warder.Contracts.Replicas;
using Warder.Core.Verification;
using Warder.Storage;

namespace Warder.Server.Replicas;

/// <summary>What the replicas of an environment are told of the log: what concerns its keys, or what they look like, and nothing else.</summary>
internal static class ReplicaNews
{
    /// <summary>The events that do something to an environment's keys, or to what is a key's token there.</summary>
    public static List<LogEffects> For(int environment, IReadOnlyList<LogEvent> events)
    {
        var concerning = new List<LogEffects>();
        foreach (var each in events)
        {
            var isOwn = each.Environment == environment;
            List<Effect> effects = [.. each.Effects.Where(effect => !effect.IsKnown || (isOwn && (!effect.ConcernsManagement || effect.Kind == EffectKind.Environment)))];
            if (effects.Count > 0)
                concerning.Add(new LogEffects(each.Sequence, Effect.Write(effects)));
        }

        return concerning;
    }

    /// <summary>A message of them.</summary>
    public static LogNews Of(long after, IReadOnlyList<LogEffects> events, LogPosition position) => new(after, events, new LogPlace(position.Sequence, position.Hash));
}
