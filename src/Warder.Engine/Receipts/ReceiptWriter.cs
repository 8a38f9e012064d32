using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Events;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Receipts;

namespace Warder.Engine.Receipts;

/// <summary>Writes signed receipts into the log up to 0.2 s after they are signed, so that no change waits for a second commit.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class ReceiptWriter : IDisposable
{
    private const int WriteMilliseconds = 200;
    private const int RetryMilliseconds = 1_000;
    // A commit of this size does not delay the changes before and after it noticeably.
    private const int RowsPerCommit = 100;
    private const int CharactersPerCommit = 1 << 20;
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(3);

    private readonly Store store;
    private readonly Journal journal;
    private readonly SystemEvents events;
    private readonly Timer timer;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ConcurrentDictionary<string, ReceiptRow> unwritten = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ReceiptRow> queue = new();
    // Rows taken from the queue without a confirmed commit. Used under the semaphore.
    private readonly List<ReceiptRow> taken = [];
    private bool isDoubtful;
    private int awake;
    private int failing;
    private bool stopped;

    public ReceiptWriter(Store store, Journal journal, SystemEvents events)
    {
        (this.store, this.journal, this.events) = (store, journal, events);
        timer = new Timer(static state => ((ReceiptWriter)state!).Tick(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>The log of write failures.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Finds a signed receipt that is not written yet.</summary>
    /// <returns>Null: there is none of that id in the environment.</returns>
    public ReceiptRow? Find(int environment, string id) => unwritten.TryGetValue(id, out var row) && row.Environment == environment ? row : null;

    /// <summary>Queues a signed receipt.</summary>
    public void Enqueue(ReceiptRow row)
    {
        unwritten[row.Id] = row;
        queue.Enqueue(row);
        Wake(WriteMilliseconds);
    }

    /// <summary>Writes the queued receipts.</summary>
    /// <exception cref="StorageException">Some could not be written. They stay queued.</exception>
    public async Task WriteAsync()
    {
        await turn.WaitAsync();
        try
        {
            while (Take())
            {
                await Write();
                foreach (var row in taken)
                    unwritten.TryRemove(row.Id, out _);
                taken.Clear();
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Writes the queued receipts now, or retries later. The changes themselves are durable, and their callers hold the receipts, in both
    /// cases.
    /// </summary>
    public async Task TryWriteAsync()
    {
        try
        {
            await WriteAsync();
            if (Interlocked.Exchange(ref failing, 0) != 0)
                LogRecovered(Logger);
        }
        catch (Exception e)
        {
            if (Interlocked.Exchange(ref failing, 1) == 0)
                LogFailing(Logger, e.Message);
            Wake(RetryMilliseconds);
        }
    }

    public void Dispose()
    {
        lock (timer)
        {
            stopped = true;
            timer.Dispose();
        }

        TryWriteAsync().Wait(LastWrite);
    }

    private void Wake(int milliseconds)
    {
        if (Interlocked.Exchange(ref awake, 1) != 0)
            return;
        lock (timer)
        {
            if (!stopped)
                timer.Change(milliseconds, Timeout.Infinite);
        }
    }

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
        var records = taken.GroupBy(static row => row.Environment).Select(static rows => (Environment: rows.Key, Record: RecordOf(rows))).ToList();
        isDoubtful = true;
        await journal.Submit<int>(context =>
        {
            if (!insert(context.Session))
                return 0;
            foreach (var (environment, record) in records)
                events.In(environment).Append(context, EventTypes.ReceiptsRecorded, EventData.Of(record, WarderJson.Wire.ReceiptRecord), null);

            return records.Count;
        }, EnvironmentScope.None);
        isDoubtful = false;
    }

    private static ReceiptRecord RecordOf(IEnumerable<ReceiptRow> rows)
        => new() { Receipts = [.. rows.Select(static row => new RecordedReceipt(row.Id, row.EventId, Digest(row.Jws)))] };

    [LoggerMessage(LogLevel.Error, "Receipts cannot be written, and are kept in memory until they can; the changes that they are about are made: {Problem}")]
    private static partial void LogFailing(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "Receipts are written again, and none is missing")]
    private static partial void LogRecovered(ILogger logger);

    private static string Digest(string jws) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(jws)));

    private async void Tick()
    {
        Volatile.Write(ref awake, 0);
        await TryWriteAsync();
    }
}
