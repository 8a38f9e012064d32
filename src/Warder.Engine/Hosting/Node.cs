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

/// <summary>
/// Composes the parts of one server: the store, the journal that writes it, and the memory that validations are answered from.
/// </summary>
internal sealed class Node : IDisposable
{
    // The number of entries in memory: about 0.6 GB when all are in use.
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
        // Only a node that can have no other node beside it may answer from memory for as long as the process runs.
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

    /// <summary>The id of this process: <c>node_…</c>.</summary>
    public string Id { get; }

    /// <summary>The options of this node among several.</summary>
    public NodeOptions Options { get; }

    /// <summary>The time of the start.</summary>
    public Instant StartedAt { get; }

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

    /// <summary>The keys that validations are answered from.</summary>
    public KeyCache Cache { get; }

    /// <summary>Answers validations.</summary>
    public Validator Validator { get; }

    /// <summary>The permission to answer from memory.</summary>
    public Lease Lease { get; }

    /// <summary>This node's part in a cluster over one database; null: there can be no other node.</summary>
    public ClusterMember? ClusterMember { get; }

    /// <summary>The leases of the replicas that follow this node.</summary>
    public ReplicaLeaseRegistry ReplicaLeases { get; }

    /// <summary>The bounds on the places and bytes of replicas.</summary>
    public StreamQuota Streams { get; } = new();

    /// <summary>Proves that a key was sent to the replicas of a management key.</summary>
    public UseProofs UseProofs { get; }

    /// <summary>Records durably that replicas may hold leases, for the next process.</summary>
    public OutstandingLeaseMarker OutstandingLeases { get; }

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

    /// <summary>The reason why this node can answer neither from memory nor from the store; null: it can.</summary>
    public string? Refusal => Lease.IsHeld ? null : ClusterMember?.Refusal;

    /// <summary>Starts a node on an open store.</summary>
    /// <param name="store">The store; the node owns it from now on.</param>
    /// <param name="clock">The process's clock.</param>
    /// <param name="entropy">The process's randomness.</param>
    /// <param name="options">The options of this node among several.</param>
    /// <param name="root">The root key that seals the signing keys; null: nothing is signed.</param>
    /// <param name="interference">The faults that a test plants; null: none.</param>
    public static Node Start(Store store, Clock clock, Entropy entropy, NodeOptions? options = null, RootKey? root = null, FaultHooks? interference = null)
        => new(store, clock, entropy, options ?? NodeOptions.Default, root, interference ?? new FaultHooks());

    /// <summary>
    /// Authenticates an <c>Authorization</c> header. Memory decides under the lease only, as for a validation.
    /// </summary>
    /// <returns>Null: the header has no known and live management key.</returns>
    /// <exception cref="StorageException">The store cannot be read now.</exception>
    public Credential? Authenticate(string? header)
    {
        // A malformed token is refused without a read.
        if (!Lease.IsHeld && ManagementAuthority.IsWellFormed(header))
            Refresh();
        return Authority.Authenticate(header, Clock.Now());
    }

    /// <summary>Writes all pending data, and stops.</summary>
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

    /// <summary>Empties memory, and starts it over at a position in the log.</summary>
    internal void BeginAt(LogPosition position)
    {
        Environments.BeginAt(position.Sequence);
        Cache.Flush(position.Sequence);
        ReplicaLeases.Begin(position);
    }

    /// <summary>Reads the management keys, the environments and the signing keys again.</summary>
    /// <param name="own">A session of the caller. The lease keeper passes its own, so that it does not wait for other readers.</param>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    internal void Reload(Session? own = null) => reading.Run(() =>
    {
        var ((environments, asOf), credentials, signing) = own is null ? Store.ReadSnapshot(ReadManagement) : Store.ReadSnapshot(own, ReadManagement);
        Environments.Replace(environments, asOf);
        Authority.Replace(credentials);
        SigningKeys.Replace(signing);
    });

    // Without a lease, every authentication reads again.
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
