using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Storage;
using Warder.Storage.Keys;
using Warder.Storage.Lists;

namespace Warder.Engine.Directory;

/// <summary>Counts the keys that end with an owner, outside of the writer, so that no other change waits for the count.</summary>
internal static class OwnerEnding
{
    // The number of keys that the answer of a dry run shows.
    private const int MostShown = 100;

    private static readonly PageRequest First = new(MostShown, null, Backwards: false, Ascending: false);

    /// <summary>Counts the keys of an owner with many of them before its ending.</summary>
    /// <param name="changes">The context of the change.</param>
    /// <param name="keys">The owner's keys.</param>
    /// <returns>
    /// Null: the environment has no such owner, the owner has few keys, or they could not be counted in time. The writer counts them.
    /// </returns>
    public static async Task<KeyTally?> TallyKeys(ChangeContext changes, KeyEndings keys)
    {
        if (!changes.Read(keys.AreMany))
            return null;
        var now = changes.Clock.Now();
        var tally = await changes.ReadInLane<KeyTally?>(session => keys.TallyKeys(session, now));
        return tally.Fault is null ? tally.Value : null;
    }

    /// <summary>Answers with the number of keys that would stop working, and the first of them.</summary>
    /// <param name="changes">The context of the change.</param>
    /// <param name="find">Finds the owner's keys and their number, or the fault for an unknown owner.</param>
    public static Task<Result<Answer>> DryRun(ChangeContext changes, Func<Session, Instant, Result<(KeyFilter Filter, long Count)>> find)
    {
        var now = changes.Clock.Now();
        return changes.ReadInLane<Answer>(session =>
        {
            var found = find(session, now);
            if (found.Fault is { } fault)
                return fault;
            var keys = new List<ApiKey>();
            // Most of an owner's keys may have ended, and a page ends after a bounded number of examined rows, so several pages may be
            // needed.
            for (var part = First; part is not null;)
            {
                var page = KeyTable.List(session, changes.Environment, found.Value.Filter with { NotEndedAt = now }, part, now);
                keys.AddRange(page.Items);
                part = page.StoppedAt is { } place && keys.Count < found.Value.Count
                    ? First with { Cursor = place, Limit = MostShown - keys.Count }
                    : null;
            }

            return DryRunAnswer.Of(keys, found.Value.Count, now);
        });
    }
}
