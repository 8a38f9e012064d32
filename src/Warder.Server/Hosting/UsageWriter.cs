using Warder.Contracts.Replicas;
using Warder.Core.Ids;
using Warder.Core.Verification;
using Warder.Storage;
using Warder.Storage.Keys;
using Warder.Storage.Management;

namespace Warder.Server.Hosting;

/// <summary>Writes the last use of keys every few seconds and at the end: usage, not state, so there is no event and nobody waits.</summary>
internal sealed class UsageWriter : IDisposable
{
    private const int FlushMilliseconds = 4_000;
    private const int RowsPerCommit = 1_000;
    private const int MaxKept = 1_000_000;
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(3);

    private readonly Node node;
    private readonly Timer timer;
    private readonly SemaphoreSlim turn = new(1, 1);
    // What replicas say. Guards itself.
    private readonly List<Usage> reported = [];
    // Taken, and not yet written. Used by whoever has the turn.
    private readonly List<Usage> uses = [];
    private readonly List<(string SecretId, string KeyId, long AtMilliseconds)> managementUses = [];
    private int flushing;

    public UsageWriter(Node node)
    {
        this.node = node;
        timer = new Timer(static state => ((UsageWriter)state!).Tick(), this, FlushMilliseconds, FlushMilliseconds);
    }

    public void Dispose()
    {
        timer.Dispose();
        try
        {
            FlushAsync().Wait(LastFlush);
        }
        catch (AggregateException e) when (e.InnerException is StorageException)
        {
            // At most the last seconds of usage are lost, as after a crash.
        }
    }

    /// <summary>Takes what a replica says was used. Its clock follows this node's; a time that has not come is one that came wrong.</summary>
    public void Add(int environment, IReadOnlyList<KeyUse> uses)
    {
        var now = node.Clock.Now().UnixMilliseconds;
        lock (reported)
        {
            foreach (var use in uses)
            {
                if (reported.Count < MaxKept && Id.TryParse(IdKind.ApiKey, use.Id, out var id))
                    reported.Add(new Usage(environment, id, use.SecretNumber, Math.Min(use.At, now)));
            }
        }
    }

    /// <summary>Writes what was used since the last time. What cannot be written now is kept for the next.</summary>
    public async Task FlushAsync()
    {
        await turn.WaitAsync();
        try
        {
            uses.AddRange(node.Cache.Usage.Take());
            lock (reported)
            {
                uses.AddRange(reported);
                reported.Clear();
            }

            // In the order of the table, so that neighbours share their page; the last first, since that is the end that is taken from.
            uses.Sort(static (a, b) => b.KeyId.CompareTo(a.KeyId));
            if (uses.Count > MaxKept)
                uses.RemoveRange(MaxKept, uses.Count - MaxKept);
            while (uses.Count > 0)
                await WriteSome(uses, static (session, some) => KeyTable.WriteUsage(session, some));
            managementUses.AddRange(node.Authority.TakeUses());
            while (managementUses.Count > 0)
                await WriteSome(managementUses, ManagementKeyTable.WriteUsage);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task WriteSome<T>(List<T> all, Action<Session, IReadOnlyList<T>> write)
    {
        var count = Math.Min(RowsPerCommit, all.Count);
        var some = all.GetRange(all.Count - count, count);
        some.Reverse();
        await node.Journal.Submit<int>(context =>
        {
            write(context.Session, some);
            return count;
        });
        all.RemoveRange(all.Count - count, count);
    }

    private async void Tick()
    {
        if (Interlocked.Exchange(ref flushing, 1) != 0)
            return;
        try
        {
            await FlushAsync();
        }
        catch (Exception)
        {
            // The store cannot be written now; what is used later is written later.
        }
        finally
        {
            Volatile.Write(ref flushing, 0);
        }
    }
}
