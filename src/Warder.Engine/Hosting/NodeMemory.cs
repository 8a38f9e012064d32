using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Management;
using Warder.Engine.Receipts;
using Warder.Engine.Replicas.Leases;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Management;
using Warder.Storage.Receipts;

namespace Warder.Engine.Hosting;

/// <summary>
/// Keeps a node's memory at one position of the log: the keys, and the management keys, environments and signing keys, which are read as a
/// whole.
/// </summary>
internal sealed class NodeMemory(
    Store store, Clock clock, KeyCache cache, EnvironmentRegistry environments, ManagementAuthority authority, SigningKeys signingKeys,
    ReplicaLeaseRegistry leases) : IDisposable
{
    // The writer's thread reads here after a commit. It must not wait until other readers have a session to spare.
    private readonly Readers reader = store.OpenReaderOfOwn();
    private readonly CoalescedRefresh refresh = new();

    /// <summary>Empties memory, and starts it over at a position in the log.</summary>
    public void BeginAt(LogPosition position)
    {
        environments.BeginAt(position.Sequence);
        cache.Flush(position.Sequence);
        leases.Begin(position);
    }

    /// <summary>Reads the management keys, the environments and the signing keys again.</summary>
    /// <param name="own">A session of the caller. A thread that follows the log passes the one on which it has read the log.</param>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public void Reload(Session? own = null)
        => refresh.Run(() => Replace(own is null ? reader.ReadSnapshot(ReadManagement) : store.ReadSnapshot(own, ReadManagement)));

    /// <summary>As <see cref="Reload"/>. The calling thread does not wait for the store.</summary>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public Task ReloadAsync() => refresh.RunAsync(() => Replace(reader.ReadSnapshot(ReadManagement)));

    /// <summary>Applies the cache deltas of events.</summary>
    public void Apply(IReadOnlyList<LogEvent> events)
    {
        foreach (var each in events)
            cache.Apply(each.Sequence, each.CacheDeltas);
    }

    /// <summary>Empties memory before a commit whose outcome is unknown is read: nothing is answered from the state before it.</summary>
    public void Forget()
    {
        authority.Suspend();
        cache.Flush(cache.Applied);
    }

    /// <summary>Starts memory over at the head of the log.</summary>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public void BeginAtHead()
    {
        BeginAt(reader.Read(Log.Head));
        Reload();
    }

    /// <summary>Waits for the read under way, and closes the session that reads.</summary>
    public void Dispose()
    {
        refresh.Dispose();
        reader.Dispose();
    }

    private ManagementState ReadManagement(Session session)
    {
        var (states, asOf) = EnvironmentState.ReadAll(session);
        return new ManagementState(
            states, asOf, [.. ManagementKeyTable.Credentials(session, clock.Now())], SigningKeyTable.All(session));
    }

    private void Replace(ManagementState read)
    {
        environments.Replace(read.Environments, read.AsOf);
        authority.Replace(read.Credentials);
        signingKeys.Replace(read.SigningKeys);
    }

    private sealed record ManagementState(
        List<EnvironmentState> Environments, long AsOf, List<(ManagementKey Key, KeySecret Secret, byte[] Digest)> Credentials,
        List<SigningKeyRow> SigningKeys);
}
