using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Events;
using Warder.Core.Ids;
using Warder.Server.Events;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Server.Management;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Receipts;

namespace Warder.Server.Receipts;

/// <summary>
/// Issues receipts: knows the changes of this node that come to be in force, signs when they are, and writes what was signed into the log a little later, so that no change
/// waits for a second commit.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class ReceiptBook : IDisposable
{
    private const int WriteMilliseconds = 200;
    private const int RetryMilliseconds = 1_000;
    // How long a repeated request waits for what another node writes.
    private const int OthersMilliseconds = 1_000;
    private const int PollMilliseconds = 50;
    // As many as the writer can take between two changes without anybody noticing.
    private const int RowsPerCommit = 100;
    private const int CharactersPerCommit = 1 << 20;
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(3);

    private readonly Node node;
    private readonly Timer timer;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ConcurrentDictionary<string, ReceiptDraft> drafts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ReceiptRow> unwritten = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ReceiptRow> queue = new();
    // Taken from the queue, and not known to be written. Used by whoever has the turn.
    private readonly List<ReceiptRow> taken = [];
    private bool isDoubtful;
    private int awake;
    private int failing;
    private bool stopped;

    public ReceiptBook(Node node)
    {
        this.node = node;
        timer = new Timer(static state => ((ReceiptBook)state!).Tick(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Where it says that receipts cannot be written.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>A new receipt's id.</summary>
    public string NewId() => Id.New(IdKind.Receipt, node.Clock.Now(), node.Entropy);

    /// <summary>A change is durable, and not yet in force.</summary>
    public void Begin(ReceiptDraft draft) => drafts[draft.Id] = draft;

    /// <summary>A change is in force: its receipt. Null where there is nothing to sign with.</summary>
    public IssuedReceipt? Issue(ReceiptDraft draft)
    {
        lock (draft.Gate)
        {
            if (draft.Issued is null && node.SigningKeys.Current is { } key)
            {
                var (shape, lines) = draft.Shape(node, node.Clock.Now());
                var (receipt, jws) = IssuedReceipt.Sign(shape, key);
                draft.Issued = receipt;
                Keep(draft.Row(jws, lines));
            }
        }

        drafts.TryRemove(draft.Id, out _);
        return draft.Issued;
    }

    /// <summary>An environment's receipts that are not complete yet.</summary>
    public IReadOnlyList<Receipt> Filling(int environment)
        => [.. drafts.Values.Where(draft => draft.Event.Environment == environment).OrderBy(static draft => draft.Commitment.Sequence).Select(draft => draft.Shape(node, null).Receipt)];

    /// <summary>The receipt of that id; null when there is none.</summary>
    /// <exception cref="StorageException">It cannot be known now.</exception>
    public IssuedReceipt? Find(int environment, string id)
    {
        var row = unwritten.TryGetValue(id, out var waiting) && waiting.Environment == environment
            ? waiting
            : node.Store.Read(session => ReceiptTable.Find(session, environment, id));
        return row is null ? null : IssuedReceipt.Of(row);
    }

    /// <summary>The lines of a receipt's replicas, in their order; null when there is no such receipt.</summary>
    /// <exception cref="StorageException">It cannot be known now, or the lines that it commits to are not there.</exception>
    public IReadOnlyList<ReceiptLine>? FindLines(int environment, string id)
    {
        if (Find(environment, id) is not { } issued)
            return null;
        var receipt = JsonSerializer.Deserialize(issued.Json, WarderJson.Wire.Receipt)!;
        if (receipt.Replicas?.LinesSha256 is not { } digest)
            return ReceiptLines.Order(receipt.Verifiers.Where(static line => line.Follows is not null));
        var text = unwritten.TryGetValue(id, out var waiting) && waiting.Lines is { } lines
            ? lines.Text
            : node.Store.Read(session => ReceiptLinesTable.Find(session, environment, digest));
        return ReceiptLines.Read(text ?? throw new StorageException(StorageFaultKind.Damaged, $"The lines of receipt {id} are missing."));
    }

    /// <summary>
    /// The receipt of a change that somebody else has made: a request that was repeated. It is in force, and so its receipt is here, or is being issued, or will have been
    /// written by the node that made it; unless that was killed in between, and there is none.
    /// </summary>
    /// <exception cref="StorageException">It cannot be known now.</exception>
    public async Task<IssuedReceipt?> Await(int environment, string id)
    {
        if (drafts.TryGetValue(id, out var draft) && draft.Event.Environment == environment)
        {
            await draft.Commitment.Propagation.InForce(new EnvironmentScope(environment));
            return Issue(draft);
        }

        var found = Find(environment, id);
        for (var waited = 0; found is null && node.Peers is not null && waited < OthersMilliseconds; waited += PollMilliseconds)
        {
            await Task.Delay(PollMilliseconds);
            found = Find(environment, id);
        }

        return found;
    }

    /// <summary>Writes what waits.</summary>
    /// <exception cref="StorageException">Some of it could not be written, and is kept for the next time.</exception>
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

    /// <summary>Writes what waits, if that can be done now; later otherwise. Whatever goes wrong, the changes are made, and those who asked for them have their receipts.</summary>
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

    private void Keep(ReceiptRow row)
    {
        unwritten[row.Id] = row;
        queue.Enqueue(row);
        Wake(WriteMilliseconds);
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
        // What may be written already stays by itself until that is known.
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
        // They go together: if one is there, all of them are.
        if (isDoubtful && node.Store.Read(session => ReceiptTable.Exists(session, taken[0].Environment, taken[0].Id)))
        {
            isDoubtful = false;
            return;
        }

        isDoubtful = true;
        await node.Journal.Submit<int>(context =>
        {
            if (!ReceiptTable.TryInsert(context.Session, taken))
                return 0;
            foreach (var some in taken.GroupBy(static row => row.Environment))
                Record(context, some);
            return taken.Count;
        }, EnvironmentScope.None);
        isDoubtful = false;
    }

    private void Record(CommandContext context, IGrouping<int, ReceiptRow> rows)
    {
        var record = new ReceiptRecord { Receipts = [.. rows.Select(static row => new RecordedReceipt(row.Id, row.EventId, Digest(row.Jws)))] };
        new Call(node, Caller.System(rows.Key), null, EventOrigin.None)
            .Append(context, EventTypes.ReceiptsRecorded, EventData.Of(record, WarderJson.Wire.ReceiptRecord), null);
    }

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
