using Warder.Storage;
using Warder.Storage.Keys;
using Warder.Storage.Management;

namespace Warder.Server.Hosting;

/// <summary>Writes the last use of keys every few seconds and at the end: usage, not state, so there is no event and nobody waits.</summary>
internal sealed class UsageWriter : IDisposable
{
    private const int FlushMilliseconds = 4_000;
    private const int RowsPerCommit = 1_000;
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(3);

    private readonly Node node;
    private readonly Timer timer;
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

    /// <summary>Writes what was used since the last time.</summary>
    public async Task FlushAsync()
    {
        var uses = node.Cache.Usage.Take();
        // In the order of the table, so that neighbours share their page.
        uses.Sort(static (a, b) => a.KeyId.CompareTo(b.KeyId));
        for (var from = 0; from < uses.Count; from += RowsPerCommit)
        {
            var chunk = uses.GetRange(from, Math.Min(RowsPerCommit, uses.Count - from));
            await node.Journal.Submit<int>(context =>
            {
                KeyTable.WriteUsage(context.Session, chunk);
                return chunk.Count;
            });
        }

        var managementUses = node.Authority.TakeUses();
        if (managementUses.Count > 0)
        {
            await node.Journal.Submit<int>(context =>
            {
                foreach (var (secretId, keyId, at) in managementUses)
                    ManagementKeyTable.WriteUsage(context.Session, secretId, keyId, at);
                return managementUses.Count;
            });
        }
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
