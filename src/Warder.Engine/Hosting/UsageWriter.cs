using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Background;
using Warder.Engine.Management;
using Warder.Engine.Verification;
using Warder.Protocol;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Keys;
using Warder.Storage.Management;

namespace Warder.Engine.Hosting;

/// <summary>
/// Writes the last use of keys every few seconds and at the end. Last use is no state: it has no event, and no caller waits for it.
/// </summary>
internal sealed partial class UsageWriter : BackgroundWork
{
    private const int FlushMilliseconds = 4_000;
    private const int RowsPerCommit = 1_000;
    private const int MaxKept = 1_000_000;

    // The bound, between two flushes, for the replicas of one management key. It keeps one key's reports from displacing the uses of other
    // keys.
    private const int MaxReportedPerManagementKey = MaxKept / 4;
    // The upper 48 bits of an id are the unix milliseconds of its creation.
    private const int IdTimeShift = 80;
    private const long MostSkewMilliseconds = 300_000;

    private readonly Journal journal;
    private readonly KeyCache cache;
    private readonly ManagementAuthority authority;
    private readonly UseProofs proofs;
    // The uses that replicas report: the latest use of each secret, and the number of secrets that each management key has added. The first
    // dictionary is the lock of both.
    private readonly Dictionary<(int Environment, UInt128 KeyId, int SecretNumber), long> reported = [];
    private readonly Dictionary<string, int> reporters = new(StringComparer.Ordinal);
    // Uses that were taken and not yet written. Changed by a round only.
    private readonly List<Usage> uses = [];
    private readonly List<(string SecretId, string KeyId, long AtMilliseconds)> managementUses = [];

    public UsageWriter(Journal journal, Clock clock, KeyCache cache, ManagementAuthority authority, UseProofs proofs)
        : base(clock)
        => (this.journal, this.cache, this.authority, this.proofs) = (journal, cache, authority, proofs);

    /// <inheritdoc/>
    public override string Name => "usage";

    /// <inheritdoc/>
    /// <remarks>The uses that were taken and not yet written. Those in the entries of the cache are not counted.</remarks>
    public override long? Backlog
    {
        get
        {
            lock (reported)
                return uses.Count + managementUses.Count + reported.Count;
        }
    }

    /// <inheritdoc/>
    protected override TimeSpan? Period => TimeSpan.FromMilliseconds(FlushMilliseconds);

    /// <inheritdoc/>
    protected override TimeSpan RetryPause => TimeSpan.FromMilliseconds(FlushMilliseconds);

    /// <inheritdoc/>
    protected override bool HasLastRound => true;

    /// <summary>
    /// Adds the uses that a replica reports, each with a proof that the key was sent to the replica's management key. A time ahead of this
    /// node's clock counts as now, because it would hide each later use. A use from before the key was issued is refused.
    /// </summary>
    /// <returns>The number of refused uses.</returns>
    public int Add(Caller caller, IReadOnlyList<KeyUse> uses)
    {
        var now = Clock.Now().UnixMilliseconds;
        var refused = 0;
        lock (reported)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(reporters, caller.ManagementKeyId!, out _);
            foreach (var use in uses)
            {
                if (!Id.TryParse(IdKind.ApiKey, use.Id, out var id) || use.Proof != proofs.Of(caller, id, use.SecretNumber)
                    || use.At < (long)(id >> IdTimeShift) - MostSkewMilliseconds)
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

    /// <summary>Writes the uses since the last flush. Uses that cannot be written now are kept for the next.</summary>
    /// <exception cref="StorageException">The store cannot be written now.</exception>
    public Task FlushAsync() => RunAsync();

    /// <inheritdoc/>
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        uses.AddRange(cache.Usage.Take());
        lock (reported)
        {
            uses.AddRange(reported.Select(static use => new Usage(use.Key.Environment, use.Key.KeyId, use.Key.SecretNumber, use.Value)));
            reported.Clear();
            reporters.Clear();
        }

        // Sorted by the table's order, so that neighbours share their page; descending, because batches are taken from the end.
        uses.Sort(static (a, b) => b.KeyId.CompareTo(a.KeyId));
        if (uses.Count > MaxKept)
            uses.RemoveRange(MaxKept, uses.Count - MaxKept);
        while (uses.Count > 0)
            await WriteSome(uses, static (session, some) => KeyTable.WriteUsage(session, some));
        managementUses.AddRange(authority.TakeUses());
        while (managementUses.Count > 0)
            await WriteSome(managementUses, ManagementKeyTable.WriteUsage);
    }

    /// <inheritdoc/>
    protected override void LogFailing(string problem) => LogFailed(Logger, problem);

    /// <inheritdoc/>
    protected override void LogRecovered() => LogWritten(Logger);

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

    [LoggerMessage(LogLevel.Warning, "The last use of keys cannot be written, and is kept in memory until it can: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "The last use of keys is written again")]
    private static partial void LogWritten(ILogger logger);
}
