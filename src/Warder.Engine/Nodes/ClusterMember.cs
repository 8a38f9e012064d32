using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Engine.Replicas.Leases;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Nodes;

/// <summary>
/// Makes a node one of several over one database: it keeps a lease, applies the log of all nodes, and completes a change when no verifier
/// can answer from before it.
/// </summary>
internal sealed partial class ClusterMember : CommitListener, IDisposable
{
    private const long OutOfTouchMicroseconds = 1_000_000;
    private static readonly TimeSpan FirstLease = TimeSpan.FromSeconds(5);

    private readonly NodeIdentity identity;
    private readonly Store store;
    private readonly Clock clock;
    private readonly Entropy entropy;
    private readonly ReplicaLeaseRegistry leases;
    private readonly Barrier barrier;
    private ILogger logger = NullLogger.Instance;
    private LeaseKeeper? keeper;
    private LogTailer? reader;
    private AckPublisher? publisher;
    private long touchedMicroseconds = Clock.BootMicroseconds();
    private int unreachable;
    private volatile string? refusal;

    public ClusterMember(
        NodeIdentity identity, Store store, Clock clock, Entropy entropy, Lease lease, ReplicaLeaseRegistry leases, NodeMemory memory)
    {
        (this.identity, this.store, this.clock, this.entropy, Lease, this.leases) = (identity, store, clock, entropy, lease, leases);
        LogApplier = new LogApplier(memory, leases);
        barrier = new Barrier(this);
    }

    /// <summary>Applies the log to memory.</summary>
    public LogApplier LogApplier { get; }

    /// <summary>The lengths of leases.</summary>
    public LeaseTerms Terms => identity.Options.Terms;

    /// <summary>The positions that this node's memory and its replicas have acknowledged.</summary>
    public NodeAcks Acks => leases.Acks;

    /// <summary>The acknowledgements to publish to the other nodes.</summary>
    public (NodeAcks Acks, string States, long Number) AcksToPublish => leases.AcksToPublish;

    /// <summary>The end, on the boot clock, of the last lease that a replica holds now.</summary>
    public long ReplicasUntilMicroseconds => leases.UntilMicroseconds;

    /// <summary>The epoch of the current registration; zero: there is none.</summary>
    public long Epoch => keeper?.Epoch ?? 0;

    /// <summary>The reason why this node, without a lease, does not read the database either; null: it can try.</summary>
    /// <remarks>
    /// While the database does not answer, no request tries: each would hold a thread and a connection until it times out.
    /// </remarks>
    public string? Refusal
        => refusal ?? (Clock.BootMicroseconds() - Volatile.Read(ref touchedMicroseconds) > OutOfTouchMicroseconds
            ? "The database is out of touch, and the lease is over."
            : null);

    /// <summary>Registers, and waits for the first lease for a while.</summary>
    public void Start(ILogger log)
    {
        logger = log;
        keeper = new LeaseKeeper(this);
        publisher = new AckPublisher(this);
        reader = new LogTailer(this, publisher);
        leases.AcksChanged = OnAcksChanged;
        keeper.WaitForFirst(FirstLease);
    }

    /// <inheritdoc/>
    public override Propagation Committed(CommittedBatch batch)
    {
        // The wait for lost verifiers counts from here: the answer to COMMIT has arrived.
        var since = Clock.MonotonicMicroseconds();
        var committedAt = clock.Now();
        if (batch.Events.Count > 0)
            LogApplier.Take(batch);
        return barrier.InForce(
            new ClusterPropagation(
                batch, since,
                identity.Options.PauseAllowanceMilliseconds * 1_000L) { Own = (identity.Id, leases), CommittedAt = committedAt });
    }

    /// <inheritdoc/>
    /// <remarks>The log shows the outcome of the commit; this node applies it in any case.</remarks>
    public override void Forget()
    {
    }

    /// <inheritdoc/>
    public override void Restore()
    {
    }

    /// <summary>Waits until pending changes are in force, releases the lease, and stops.</summary>
    public void Dispose()
    {
        barrier.Dispose();
        reader?.Dispose();
        publisher?.Dispose();
        keeper?.Dispose();
    }

    internal Lease Lease { get; }

    // The node knows the acknowledgements of its own replicas without the database. The other nodes read them there.
    private void OnAcksChanged()
    {
        barrier.Wake();
        publisher?.Wake();
    }

    internal Session OpenSession() => store.OpenWriter();

    internal NodeRegistration NewRegistration() => identity.Registration(NewEpoch(entropy));

    /// <summary>Draws the number of a new epoch.</summary>
    internal static long NewEpoch(Entropy entropy) => BitConverter.ToInt64(entropy.Bytes(sizeof(long))) & long.MaxValue;

    internal int Jitter(int milliseconds) => (int)(milliseconds * entropy.Fraction());

    /// <summary>Records that the database has just answered.</summary>
    internal void Touch() => Volatile.Write(ref touchedMicroseconds, Clock.BootMicroseconds());

    internal void FallBehind() => keeper?.FallBehind();

    internal void Held()
    {
        if (Interlocked.Exchange(ref unreachable, 0) != 0)
            Returned();
    }

    internal void Unreachable(Exception exception)
    {
        if (Interlocked.Exchange(ref unreachable, 1) == 0)
            Lost(exception.Message);
    }

    internal void Diverged(long applied, long head)
    {
        refusal = "The database's log is not the one that this node has answered from.";
        LogDiverged(applied, head);
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The node {Node} ({NodeId}) did not acknowledge a change, and its lease is over: it was fenced, and comes back as new when it can")]
    internal partial void Fenced(string node, string nodeId);

    [LoggerMessage(LogLevel.Warning, "This node begins anew, with an empty cache: {Reason}")]
    internal partial void Rejoining(string reason);

    [LoggerMessage(
        LogLevel.Error,
        "Changes had to wait for this node again and again. It has no lease for {Milliseconds} ms, and reads"
        + " each answer from the database")]
    internal partial void Barred(int milliseconds);

    [LoggerMessage(LogLevel.Error, "The database cannot be reached; what is in memory is answered until the lease is over: {Problem}")]
    private partial void Lost(string problem);

    [LoggerMessage(LogLevel.Warning, "The database can be reached again, and this node holds a lease")]
    private partial void Returned();

    [LoggerMessage(
        LogLevel.Critical,
        "The database's log (head {Head}) is not the one that this node has answered from (applied {Applied}):"
        + " it was restored, or a standby that lacked commits took over. This node answers nothing until it is restarted."
        + " Find out first which changes were lost: revocations among them are not in force")]
    private partial void LogDiverged(long applied, long head);
}
