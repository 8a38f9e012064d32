using System.Runtime.InteropServices;
using Warder.Contracts.Replicas;
using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Management;
using Warder.Engine.Verification;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Keys;
using Warder.Storage.Management;

namespace Warder.Engine.Hosting;

/// <summary>
/// Writes the last use of keys every few seconds and at the end: usage, not state, so there is no event and nobody waits.
/// </summary>
internal sealed class UsageWriter : IDisposable
{
    private const int FlushMilliseconds = 4_000;
    private const int RowsPerCommit = 1_000;
    private const int MaxKept = 1_000_000;

    // Of one management key's replicas between two flushes: others' uses are kept whatever it reports.
    private const int MaxReportedPerManagementKey = MaxKept / 4;
    // The upper 48 bits of an id are the unix milliseconds of its making.
    private const int IdTimeShift = 80;
    private const long MostSkewMilliseconds = 300_000;
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(3);

    private readonly Journal journal;
    private readonly Clock clock;
    private readonly KeyCache cache;
    private readonly ManagementAuthority authority;
    private readonly UseProofs proofs;
    private readonly Timer timer;
    private readonly SemaphoreSlim turn = new(1, 1);
    // What replicas report: the latest use of each secret, and how many secrets each management key has added. The first guards both.
    private readonly Dictionary<(int Environment, UInt128 KeyId, int SecretNumber), long> reported = [];
    private readonly Dictionary<string, int> reporters = new(StringComparer.Ordinal);
    // Taken, and not yet written. Used by whoever has the turn.
    private readonly List<Usage> uses = [];
    private readonly List<(string SecretId, string KeyId, long AtMilliseconds)> managementUses = [];
    private int flushing;

    public UsageWriter(Journal journal, Clock clock, KeyCache cache, ManagementAuthority authority, UseProofs proofs)
    {
        (this.journal, this.clock, this.cache, this.authority, this.proofs) = (journal, clock, cache, authority, proofs);
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

    /// <summary>
    /// Takes the uses that a replica reports, as far as each proves that the key was sent to the replica's management key. A time ahead of
    /// this node's clock counts as now: it would hide each later use. A use from before the key was issued is refused.
    /// </summary>
    /// <returns>How many were refused.</returns>
    public int Add(Caller caller, IReadOnlyList<KeyUse> uses)
    {
        var now = clock.Now().UnixMilliseconds;
        var refused = 0;
        lock (reported)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(reporters, caller.ManagementKeyId!, out _);
            foreach (var use in uses)
            {
                if (!Id.TryParse(IdKind.ApiKey, use.Id, out var id) || use.Proof != proofs.Of(caller, id, use.SecretNumber) || use.At < (long)(id >> IdTimeShift) - MostSkewMilliseconds)
                {
                    refused++;
                    continue;
                }

                var (secret, at) = ((caller.Environment, id, use.SecretNumber), Math.Min(use.At, now));
                if (reported.TryGetValue(secret, out var before))
                {
                    reported[secret] = Math.Max(before, at);
                }
                else if (reported.Count < MaxKept && count < MaxReportedPerManagementKey)
                {
                    reported.Add(secret, at);
                    count++;
                }
            }
        }

        return refused;
    }

    /// <summary>Writes what was used since the last time. What cannot be written now is kept for the next.</summary>
    public async Task FlushAsync()
    {
        await turn.WaitAsync();
        try
        {
            uses.AddRange(cache.Usage.Take());
            lock (reported)
            {
                uses.AddRange(reported.Select(static use => new Usage(use.Key.Environment, use.Key.KeyId, use.Key.SecretNumber, use.Value)));
                reported.Clear();
                reporters.Clear();
            }

            // In the order of the table, so that neighbours share their page; the last first, since that is the end that is taken from.
            uses.Sort(static (a, b) => b.KeyId.CompareTo(a.KeyId));
            if (uses.Count > MaxKept)
                uses.RemoveRange(MaxKept, uses.Count - MaxKept);
            while (uses.Count > 0)
                await WriteSome(uses, static (session, some) => KeyTable.WriteUsage(session, some));
            managementUses.AddRange(authority.TakeUses());
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
        await journal.Submit<int>(context =>
        {
            write(context.Session, some);
            return count;
        }, EnvironmentScope.None);
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
