using System.Globalization;
using Warder.Contracts;
using Warder.Contracts.Events;
using Warder.Core.Events;
using Warder.Core.Time;
using Warder.Engine.Events;
using Warder.Engine.Hosting;
using Warder.Engine.Keys;
using Warder.Storage;
using Warder.Storage.Journal;
using EventTypes = Warder.Core.Events.EventTypes;

namespace Warder.Engine.Watermarks;

/// <summary>
/// Checks at the start that neither the database nor the clock was set back, and sets the floor of time. A start that the operator forced
/// is recorded in the log.
/// </summary>
internal sealed class StartGuard
{
    private readonly ClockAcceptance? clock;
    private readonly OlderLogAcceptance? log;

    private StartGuard(ClockAcceptance? clock, OlderLogAcceptance? log) => (this.clock, this.log) = (clock, log);

    /// <summary>Checks the database and the clock, before anything is written.</summary>
    /// <param name="file">The watermark's file.</param>
    /// <param name="store">The database.</param>
    /// <param name="clock">The process's clock; gets the floor.</param>
    /// <param name="acceptClock">Whether a clock behind the floor is accepted.</param>
    /// <param name="acceptOlderLog">Whether a database that does not include the watermark is accepted.</param>
    /// <exception cref="StorageException">One of them was set back; the message has the remedy.</exception>
    public static StartGuard Check(WatermarkFile file, Store store, Clock clock, bool acceptClock, bool acceptOlderLog)
    {
        var mark = file.Read();
        var (instance, head, hash, lastEvent) = store.ReadSnapshot(session => (
            Log.Instance(session), Log.Head(session).Sequence, mark is null ? null : Log.HashAt(session, mark.Sequence),
            Log.LastTime(session)));
        var verdict = mark?.Compare(Hex(instance), head, Hex(hash)) ?? WatermarkVerdict.Current;
        if (verdict != WatermarkVerdict.Current && !acceptOlderLog)
            throw new StorageException(StorageFaultKind.Damaged, Refusal(file.Path, verdict, mark!, head));

        if (lastEvent is { } last)
            clock.RaiseFloor(last);
        if (mark is not null)
            clock.RaiseFloor(mark.Time);
        var behind = clock.MillisecondsBehind;
        var floor = clock.Now();
        if (behind > WatermarkWriter.MostMillisecondsBehind && !acceptClock)
        {
            throw new StorageException(
                StorageFaultKind.Unavailable,
                $"The machine's clock says {floor.PlusMilliseconds(-behind)}, and the log of the database was at {floor} already: keys that"
                + " expired since would be valid again. Correct the clock. If the log's time is wrong, start with --accept-clock: the"
                + " server goes on from the log's time, and records that.");
        }

        return new StartGuard(
            behind > WatermarkWriter.MostMillisecondsBehind
                ? new ClockAcceptance { Clock = KeyShapes.Time(floor.PlusMilliseconds(-behind)), Floor = KeyShapes.Time(floor) }
                : null,
            verdict == WatermarkVerdict.Current
                ? null
                : new OlderLogAcceptance
                {
                    Sequence = head, WatermarkSequence = mark!.Sequence, WatermarkAt = KeyShapes.Time(mark.Time),
                });
    }

    /// <summary>Appends an event for each acceptance, to the log of the first environment.</summary>
    public void Record(EnvironmentRegistry environments, Journal journal, SystemEvents events)
    {
        if ((clock is null && log is null) || environments.All.MinBy(static state => state.Number) is not { } first)
            return;
        var changes = events.In(first.Number);
        journal.Submit<bool>(context =>
        {
            if (clock is not null)
                changes.Append(context, EventTypes.ClockAccepted, EventData.Of(clock, WarderJson.Wire.ClockAcceptance), null);
            if (log is not null)
                changes.Append(context, EventTypes.OlderLogAccepted, EventData.Of(log, WarderJson.Wire.OlderLogAcceptance), null);
            return true;
        }).GetAwaiter().GetResult();
    }

    private static string? Hex(byte[]? hash) => hash is null ? null : Convert.ToHexStringLower(hash);

    private static string Refusal(string path, WatermarkVerdict verdict, Watermark mark, long head)
    {
        var since = string.Create(
            CultureInfo.InvariantCulture, $"The watermark {path} says that the log had reached event {mark.Sequence} at {mark.Time}");
        var place = verdict == WatermarkVerdict.Older
            ? string.Create(CultureInfo.InvariantCulture, $"ends at event {head}")
            : "has another event there";
        return verdict == WatermarkVerdict.OtherInstance
            ? $"{since}, in another database than this one. Name this database's own data directory or --watermark-file. If this database"
            + " is meant, start once with --accept-older-log."
            : $"{since}, and the database {place}: it was restored from a backup or set back, and keys that ended since would be valid"
            + " again. Restore a newer copy. Without one, start once with --accept-older-log, and make again the changes that are missing:"
            + " compare your export of the events after the restored state, and your receipts, with 'warder events list'.";
    }
}
