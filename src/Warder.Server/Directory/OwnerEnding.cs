using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Server.Http;
using Warder.Server.Keys;
using Warder.Storage;
using Warder.Storage.Keys;
using Warder.Storage.Lists;

namespace Warder.Server.Directory;

/// <summary>What would end with an owner. It is only read, so that no change waits for it.</summary>
internal static class OwnerEnding
{
    private static readonly PageRequest First = new(Limits.DryRunKeys, null, Backwards: false, Ascending: false);

    /// <summary>Answers how many keys work now and would not any more, and the first of them.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="find">The owner's keys and their number, or the fault for an owner that is not there.</param>
    public static Task<Result<Answer>> DryRun(Call call, Func<Session, Instant, Result<(KeyFilter Filter, long Count)>> find)
    {
        var now = call.Node.Clock.Now();
        return call.ReadInLane<Answer>(session =>
        {
            var found = find(session, now);
            if (found.Fault is { } fault)
                return fault;
            var keys = new List<ApiKey>();
            // Most of an owner's keys may have ended, and a page ends with the rows that it may examine.
            for (var part = First; part is not null;)
            {
                var page = KeyTable.List(session, call.Environment, found.Value.Filter with { NotEndedAt = now }, part, now);
                keys.AddRange(page.Items);
                part = page.StoppedAt is { } place && keys.Count < found.Value.Count ? First with { Cursor = place, Limit = Limits.DryRunKeys - keys.Count } : null;
            }

            return DryRunAnswer.Of(keys, found.Value.Count, now);
        });
    }
}
