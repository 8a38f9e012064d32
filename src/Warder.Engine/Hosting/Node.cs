using Warder.Core.Ids;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Background;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Lists;
using Warder.Engine.Management;
using Warder.Engine.Nodes;
using Warder.Engine.Receipts;
using Warder.Engine.Replicas;
using Warder.Engine.Replicas.Leases;
using Warder.Engine.Streams;
using Warder.Engine.Telemetry;
using Warder.Engine.Verification;
using Warder.Engine.Watermarks;
using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Engine.Hosting;

/// <summary>
/// Composes the parts of one server: the store, the journal that writes it, and the memory that validations are answered from. Only a
/// composition root holds a node; every other class takes the parts that it uses.
/// </summary>
internal sealed class Node : IDisposable
{
    // The number of entries in memory: about 0.6 GB when all are in use.
    private const int CachedKeys = 2_000_000;

    // Each part is created after the parts that it takes.
    private Node(
        Store store, Clock clock, Entropy entropy, NodeOptions options, RootKey? root, FaultHooks interference, WatermarkFile? watermark)
    {
        Store = store;
        Clock = clock;
        Entropy = entropy;
        var startedAt = clock.Now();
        Identity = new NodeIdentity(Core.Ids.Id.New(IdKind.Node, startedAt, entropy), options, startedAt);
        Environments = new EnvironmentRegistry();
        SystemEvents = new SystemEvents(Environments, entropy);
        Authority = new ManagementAuthority(entropy);
        Cache = new KeyCache(entropy, CachedKeys, interference.DecidingLevel ?? options.Level);
        // Only a node that can have no other node beside it may answer from memory for as long as the process runs.
        Lease = interference.Lease ?? (store.IsShared ? new Lease() : Lease.Permanent);
        Validator = new Validator(store, new MemoryDecider(Lease, Cache), clock, Counts.Own, interference);
        ReplicaLeases = new ReplicaLeaseRegistry(Id, options, Lease, clock, Environments, Streams);
        SigningKeys = new SigningKeys(root);
        UseProofs = new UseProofs(root, entropy);
        Reads = new ReadLane(store, interference.ReadDeadline);
        Memory = new NodeMemory(store, clock, Cache, Environments, Authority, SigningKeys, ReplicaLeases);
        Memory.BeginAtHead();
        ClusterMember = store.IsShared ? new ClusterMember(Identity, store, clock, entropy, Lease, ReplicaLeases, Memory) : null;
        Availability = new Availability(Lease, ClusterMember);
        Authentication = new ManagementAuthentication(Lease, Authority, Memory, Availability, clock);
        CommitListener listener = ClusterMember ?? (CommitListener)new MemoryListener(Memory, ReplicaLeases, Identity, clock);
        var watermarks = new WatermarkWriter(watermark, store, clock);
        if (options.HasSyncedWatermark)
            listener = new WatermarkListener(listener, watermarks);
        Journal = new Journal(store, interference.Between is null ? listener : interference.Between(listener), clock);
        ReceiptWriter = new ReceiptWriter(store, Journal, clock, SystemEvents);
        Receipts = new ReceiptIssuer(Id, store, clock, entropy, SigningKeys, ReceiptWriter);
        Changes = new ChangeParts(Identity, store, Journal, Environments, entropy, Receipts, ReceiptWriter, clock, Reads);
        OutstandingLeases = new OutstandingLeaseMarker(
            store, Journal, ReplicaLeases, () => Identity.Registration(ClusterMember.NewEpoch(entropy)));
        OutstandingLeases.Read(options.PauseAllowanceMilliseconds);
        Usage = new UsageWriter(Journal, clock, Cache, Authority, UseProofs);
        // The works that write what others leave pending are stopped last.
        Background = new BackgroundHost(
        [
            watermarks, ReceiptWriter, Usage, new StallExchange(ReplicaLeases.Stalls, Identity, store, Journal, clock, SystemEvents),
            new Sweeper(store, Journal, clock, SystemEvents),
        ]);
        FirstStart = new FirstStart(Environments, Journal, Memory, SystemEvents, entropy);
        ReplicaStreams = new ReplicaStreamParts(
            store, Authentication, Streams, ReplicaLeases, OutstandingLeases,
            new KeyLookupParts(Validator, Environments, UseProofs, Counts), Usage);
    }

    /// <summary>The id of this process: <c>node_…</c>.</summary>
    public string Id => Identity.Id;

    /// <summary>The identity of this process.</summary>
    public NodeIdentity Identity { get; }

    /// <summary>The database.</summary>
    public Store Store { get; }

    /// <summary>Runs lists and other long reads.</summary>
    public ReadLane Reads { get; }

    /// <summary>The writer.</summary>
    public Journal Journal { get; }

    /// <summary>The process's clock.</summary>
    public Clock Clock { get; }

    /// <summary>The source of secrets and ids.</summary>
    public Entropy Entropy { get; }

    /// <summary>The environments.</summary>
    public EnvironmentRegistry Environments { get; }

    /// <summary>The management keys and their rights.</summary>
    public ManagementAuthority Authority { get; }

    /// <summary>Authenticates management keys.</summary>
    public ManagementAuthentication Authentication { get; }

    /// <summary>Keeps memory at one position of the log.</summary>
    public NodeMemory Memory { get; }

    /// <summary>The keys that validations are answered from.</summary>
    public KeyCache Cache { get; }

    /// <summary>Answers validations.</summary>
    public Validator Validator { get; }

    /// <summary>The permission to answer from memory.</summary>
    public Lease Lease { get; }

    /// <summary>This node's part in a cluster over one database; null: there can be no other node.</summary>
    public ClusterMember? ClusterMember { get; }

    /// <summary>Determines whether this node can answer.</summary>
    public Availability Availability { get; }

    /// <summary>The leases of the replicas that follow this node.</summary>
    public ReplicaLeaseRegistry ReplicaLeases { get; }

    /// <summary>The bounds on the places and bytes of replicas.</summary>
    public StreamQuota Streams { get; } = new();

    /// <summary>The parts that connections of replicas use.</summary>
    public ReplicaStreamParts ReplicaStreams { get; }

    /// <summary>Proves that a key was sent to the replicas of a management key.</summary>
    public UseProofs UseProofs { get; }

    /// <summary>Records durably that replicas may hold leases, for the next process.</summary>
    public OutstandingLeaseMarker OutstandingLeases { get; }

    /// <summary>The parts that changes go through.</summary>
    public ChangeParts Changes { get; }

    /// <summary>Creates the contexts of Warder's own events.</summary>
    public SystemEvents SystemEvents { get; }

    /// <summary>The work that this node does by itself. It runs once it is started.</summary>
    public BackgroundHost Background { get; }

    /// <summary>Creates the content of a new database.</summary>
    public FirstStart FirstStart { get; }

    /// <summary>The keys that sign and verify receipts.</summary>
    public SigningKeys SigningKeys { get; }

    /// <summary>Issues receipts.</summary>
    public ReceiptIssuer Receipts { get; }

    /// <summary>Writes receipts into the log.</summary>
    public ReceiptWriter ReceiptWriter { get; }

    /// <summary>The numbers of validations that this node and its replicas have answered.</summary>
    public ValidationCounts Counts { get; } = new();

    /// <summary>Writes the last use of keys.</summary>
    public UsageWriter Usage { get; }

    /// <summary>Starts a node on an open store.</summary>
    /// <param name="store">The store; the node owns it from now on.</param>
    /// <param name="clock">The process's clock.</param>
    /// <param name="entropy">The process's randomness.</param>
    /// <param name="options">The options of this node among several.</param>
    /// <param name="root">The root key that seals the signing keys; null: nothing is signed.</param>
    /// <param name="interference">The faults that a test plants; null: none.</param>
    /// <param name="watermark">The file of the watermark; null: none is written.</param>
    public static Node Start(
        Store store, Clock clock, Entropy entropy, NodeOptions? options = null, RootKey? root = null, FaultHooks? interference = null,
        WatermarkFile? watermark = null)
        => new(store, clock, entropy, options ?? NodeOptions.Default, root, interference ?? new FaultHooks(), watermark);

    /// <summary>Writes all pending data, and stops.</summary>
    public void Dispose()
    {
        Validator.Dispose();
        Background.Dispose();
        Journal.Dispose();
        ClusterMember?.Dispose();
        Reads.Dispose();
        ReplicaLeases.Dispose();
        Memory.Dispose();
        Store.Dispose();
    }
}
