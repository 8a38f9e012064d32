using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Leases;
using Warder.Core.Management;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Lists;
using Warder.Engine.Management;
using Warder.Engine.Nodes;
using Warder.Engine.Receipts;
using Warder.Engine.Replicas.Leases;
using Warder.Engine.Streams;
using Warder.Engine.Telemetry;
using Warder.Engine.Verification;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Management;
using Warder.Storage.Receipts;

namespace Warder.Engine.Hosting;

/// <summary>One server's parts, and how they hang together: the store, the journal that writes it, and what answers from memory.</summary>
internal sealed class Node : IDisposable
{
    // Entries that a node keeps in memory: about 0.6 GB when they are all in use.
    private const int CachedKeys = 2_000_000;

    private readonly CoalescedRefresh reading = new();

    private Node(Store store, Clock clock, Entropy entropy, NodeOptions options, RootKey? root, FaultHooks interference)
    {
        Store = store;
        Clock = clock;
        Entropy = entropy;
        Options = options;
        StartedAt = clock.Now();
        Id = Core.Ids.Id.New(IdKind.Node, StartedAt, entropy);
        Environments = new EnvironmentRegistry();
        Authority = new ManagementAuthority(entropy);
        Cache = new KeyCache(entropy, CachedKeys, interference.DecidingLevel ?? options.Level);
        // Only where there can be no other node may memory be answered from for as long as the process runs.
        ClusterMember = store.IsShared ? new ClusterMember(this, options) : null;
        Lease = interference.Lease ?? (ClusterMember is null ? Lease.Permanent : new Lease());
        Validator = new Validator(store, new MemoryDecider(Lease, Cache), clock, Counts.Own, interference.Loaded, interference.Reading);
        ReplicaLeases = new ReplicaLeaseRegistry(Id, options, Lease, clock, Environments, Streams);
        SigningKeys = new SigningKeys(root);
        UseProofs = new UseProofs(root, entropy);
        ReceiptWriter = new ReceiptWriter(this);
        Receipts = new ReceiptIssuer(Id, store, clock, entropy, SigningKeys, ReceiptWriter);
        Reads = new ReadLane(store, interference.ReadDeadline);
        Reload();
        BeginAt(store.Read(Log.Head));
        CommitListener listener = ClusterMember ?? (CommitListener)new MemoryListener(this);
        Journal = new Journal(store, interference.Between is null ? listener : interference.Between(listener), clock);
        OutstandingLeases = new OutstandingLeaseMarker(store, Journal, ReplicaLeases, () => options.Registration(Id, ClusterMember.NewEpoch(entropy)));
        OutstandingLeases.Read(options.PauseAllowanceMilliseconds);
        Usage = new UsageWriter(Journal, clock, Cache, Authority, UseProofs);
    }

    /// <summary>This process: <c>node_…</c>.</summary>
    public string Id { get; }

    /// <summary>How it takes part among several.</summary>
    public NodeOptions Options { get; }

    /// <summary>Since when it runs.</summary>
    public Instant StartedAt { get; }

    /// <summary>The database.</summary>
    public Store Store { get; }

    /// <summary>Runs lists.</summary>
    public ReadLane Reads { get; }

    /// <summary>The writer.</summary>
    public Journal Journal { get; }

    /// <summary>What time it is.</summary>
    public Clock Clock { get; }

    /// <summary>Where secrets and ids come from.</summary>
    public Entropy Entropy { get; }

    /// <summary>The environments.</summary>
    public EnvironmentRegistry Environments { get; }

    /// <summary>Who may manage.</summary>
    public ManagementAuthority Authority { get; }

    /// <summary>The keys that validations are answered from.</summary>
    public KeyCache Cache { get; }

    /// <summary>Answers validations.</summary>
    public Validator Validator { get; }

    /// <summary>Whether memory may be answered from.</summary>
    public Lease Lease { get; }

    /// <summary>The other nodes over the same database; null where there can be none.</summary>
    public ClusterMember? ClusterMember { get; }

    /// <summary>Which replicas may answer from memory by this node's leave.</summary>
    public ReplicaLeaseRegistry ReplicaLeases { get; }

    /// <summary>What replicas may hold of this node.</summary>
    public StreamQuota Streams { get; } = new();

    /// <summary>Proves that a key was sent to the replicas of a management key.</summary>
    public UseProofs UseProofs { get; }

    /// <summary>That they may, for a process that comes after this one.</summary>
    public OutstandingLeaseMarker OutstandingLeases { get; }

    /// <summary>What signs receipts, and what they are verified by.</summary>
    public SigningKeys SigningKeys { get; }

    /// <summary>Issues receipts.</summary>
    public ReceiptIssuer Receipts { get; }

    /// <summary>Writes receipts into the log.</summary>
    public ReceiptWriter ReceiptWriter { get; }

    /// <summary>How many validations were answered, here and by the replicas that follow this node.</summary>
    public ValidationCounts Counts { get; } = new();

    /// <summary>Writes when keys were used.</summary>
    public UsageWriter Usage { get; }

    /// <summary>Why nothing can be answered now, neither from memory nor by reading; null when something can.</summary>
    public string? Refusal => Lease.IsHeld ? null : ClusterMember?.Refusal;

    /// <summary>Starts on a store that is open and has its first environment.</summary>
    /// <param name="store">The store; the node owns it from now on.</param>
    /// <param name="clock">The process's clock.</param>
    /// <param name="entropy">The process's randomness.</param>
    /// <param name="options">How it takes part among several.</param>
    /// <param name="root">What the keys that sign are sealed under; null: nothing is signed.</param>
    /// <param name="interference">What gets in its way: nothing, but in a test.</param>
    public static Node Start(Store store, Clock clock, Entropy entropy, NodeOptions? options = null, RootKey? root = null, FaultHooks? interference = null)
        => new(store, clock, entropy, options ?? NodeOptions.Default, root, interference ?? new FaultHooks());

    /// <summary>
    /// Who presents this <c>Authorization</c> header; null when it is nobody that is known and live. Like a validation, it is decided from
    /// memory under the lease only.
    /// </summary>
    /// <exception cref="StorageException">It cannot be known now.</exception>
    public Credential? Authenticate(string? header)
    {
        // What cannot be a key is refused without a read.
        if (!Lease.IsHeld && ManagementAuthority.IsWellFormed(header))
            Refresh();
        return Authority.Authenticate(header, Clock.Now());
    }

    /// <summary>Writes what waits, and stops.</summary>
    public void Dispose()
    {
        Validator.Dispose();
        Usage.Dispose();
        ReceiptWriter.Dispose();
        Journal.Dispose();
        ClusterMember?.Dispose();
        Reads.Dispose();
        ReplicaLeases.Dispose();
        Store.Dispose();
    }

    /// <summary>Has memory begin anew at a place in the log, with nothing in it.</summary>
    internal void BeginAt(LogPosition position)
    {
        Environments.BeginAt(position.Sequence);
        Cache.Flush(position.Sequence);
        ReplicaLeases.Begin(position);
    }

    /// <summary>Reads again who may manage and which environments there are.</summary>
    /// <param name="own">A session of the caller's own, if it has one: who keeps the lease must not wait for those who read.</param>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    internal void Reload(Session? own = null) => reading.Run(() =>
    {
        var ((environments, asOf), credentials, signing) = own is null ? Store.ReadSnapshot(ReadManagement) : Store.ReadSnapshot(own, ReadManagement);
        Environments.Replace(environments, asOf);
        Authority.Replace(credentials);
        SigningKeys.Replace(signing);
    });

    // Without a lease: reads again.
    private void Refresh()
    {
        if (Refusal is { } refusal)
            throw new StorageException(StorageFaultKind.Unavailable, refusal);
        Reload();
    }

    private ((List<EnvironmentState> All, long AsOf) Environments, List<(ManagementKey Key, KeySecret Secret, byte[] Digest)> Credentials, List<SigningKeyRow> Signing) ReadManagement(
        Session session) => (
        EnvironmentState.ReadAll(session),
        [.. ManagementKeyTable.Credentials(session, Clock.Now())],
        SigningKeyTable.All(session));
}
