using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Events;
using Warder.Core.Time;
using Warder.Engine.Background;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Receipts;

namespace Warder.Engine.Receipts;

/// <summary>Writes signed receipts into the log up to 0.2 s after they are signed, so that no change waits for a second commit.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class ReceiptWriter : BackgroundWork
{
    private const int WriteMilliseconds = 200;
    private const int RetryMilliseconds = 1_000;
    // A commit of this size does not delay the changes before and after it noticeably.
    private const int RowsPerCommit = 100;
    private const int CharactersPerCommit = 1 << 20;

    private readonly Store store;
    private readonly Journal journal;
    private readonly SystemEvents events;
    private readonly ConcurrentDictionary<string, ReceiptRow> unwritten = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ReceiptRow> queue = new();
    // Rows taken from the queue without a confirmed commit. Used by a round only.
    private readonly List<ReceiptRow> taken = [];
    private bool isDoubtful;

    public ReceiptWriter(Store store, Journal journal, Clock clock, SystemEvents events)
        : base(clock)
        => (this.store, this.journal, this.events) = (store, journal, events);

    /// <inheritdoc/>
    public override string Name => "receipts";

    /// <inheritdoc/>
    public override long? Backlog => unwritten.Count;

    /// <inheritdoc/>
    protected override TimeSpan? Period => null;

    /// <inheritdoc/>
    protected override TimeSpan RetryPause => TimeSpan.FromMilliseconds(RetryMilliseconds);

    /// <inheritdoc/>
    protected override bool HasLastRound => true;

    /// <summary>Finds a signed receipt that is not written yet.</summary>
    /// <returns>Null: there is none of that id in the environment.</returns>
    public ReceiptRow? Find(int environment, string id)
        => unwritten.TryGetValue(id, out var row) && row.Environment == environment ? row : null;

    /// <summary>Queues a signed receipt.</summary>
    public void Enqueue(ReceiptRow row)
    {
        unwritten[row.Id] = row;
        queue.Enqueue(row);
        Wake(TimeSpan.FromMilliseconds(WriteMilliseconds));
    }

    /// <summary>Writes the queued receipts.</summary>
    /// <exception cref="StorageException">Some could not be written. They stay queued.</exception>
    public Task WriteAsync() => RunAsync();

    /// <summary>
    /// Writes the queued receipts now, or retries later. The changes themselves are durable, and their callers hold the receipts, in both
    /// cases.
    /// </summary>
    public Task TryWriteAsync() => TryRunAsync();

    /// <inheritdoc/>
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        while (Take())
        {
            await Write();
            foreach (var row in taken)
                unwritten.TryRemove(row.Id, out _);
            taken.Clear();
        }
    }

    /// <inheritdoc/>
    protected override void LogFailing(string problem) => LogFailed(Logger, problem);

    /// <inheritdoc/>
    protected override void LogRecovered() => LogWritten(Logger);

    private bool Take()
    {
        var characters = taken.Sum(Characters);
        // Rows that may be committed already stay alone until the database confirms or denies them.
        while (!isDoubtful && taken.Count < RowsPerCommit && characters < CharactersPerCommit && queue.TryDequeue(out var row))
        {
            taken.Add(row);
            characters += Characters(row);
        }

        return taken.Count > 0;
    }

    private static int Characters(ReceiptRow row) => row.Jws.Length + (row.Lines?.Text.Length ?? 0);

    private async Task Write()
    {
        // The rows are committed together: one that exists proves that all do.
        if (isDoubtful && store.Read(session => ReceiptTable.Exists(session, taken[0].Environment, taken[0].Id)))
        {
            isDoubtful = false;
            return;
        }

        // A MAC and a digest of each row are computed here, off the writer's thread.
        var insert = ReceiptTable.Prepare(store.Macs, taken);
        var records = taken.GroupBy(static row => row.Environment).Select(
            static rows => (Environment: rows.Key, Record: RecordOf(rows))).ToList();
        isDoubtful = true;
        await journal.Submit<int>(context =>
        {
            if (!insert(context.Session))
                return 0;
            foreach (var (environment, record) in records)
                events.In(environment).Append(
                    context, EventTypes.ReceiptsRecorded, EventData.Of(record, WarderJson.Wire.ReceiptRecord), null);

            return records.Count;
        }, EnvironmentScope.None);
        isDoubtful = false;
    }

    private static ReceiptRecord RecordOf(IEnumerable<ReceiptRow> rows)
        => new() { Receipts = [.. rows.Select(static row => new RecordedReceipt(row.Id, row.EventId, Digest(row.Jws)))] };

    [LoggerMessage(
        LogLevel.Error,
        "Receipts cannot be written, and are kept in memory until they can; the changes that they are about are made: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "Receipts are written again, and none is missing")]
    private static partial void LogWritten(ILogger logger);

    private static string Digest(string jws) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(jws)));
}
