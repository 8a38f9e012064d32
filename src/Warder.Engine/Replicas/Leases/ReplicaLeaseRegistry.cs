using Warder.Contracts.Replicas;
using Warder.Core.Leases;
using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Hosting;
using Warder.Engine.Nodes;
using Warder.Engine.Streams;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// The leases of the replicas that follow this node: until when each may answer from memory, and what it has acknowledged. A change waits
/// for the replicas of its own environment: for each until it acknowledges, gives up its lease, or the lease that it had when the change
/// was applied here is over.
/// </summary>
/// <remarks>Thread-safe. Under its lock nothing is read of the store and nobody is waited for.</remarks>
internal sealed class ReplicaLeaseRegistry : IDisposable
{
    private readonly (string Id, NodeOptions Options, Lease Lease, Clock Clock) node;
    private readonly Lock gate = new();
    private readonly ReplicaLeaseSet leases;
    private readonly HashSet<ReplicaStream> streams = [];
    private readonly ReplicaAckWaits waits = new();
    private readonly Timer timer;
    private LogPosition position = new(0, []);
    private long told;
    private long dueMicroseconds = long.MaxValue;
    private bool stopping;

    public ReplicaLeaseRegistry(string nodeId, NodeOptions options, Lease nodeLease, Clock clock, EnvironmentRegistry environments, StreamQuota quota)
    {
        node = (nodeId, options, nodeLease, clock);
        Grants = new LeaseGrants(options, clock, environments);
        Stalls = new StallTracker(clock, environment => options.StallBudgetMilliseconds(environments.Find(environment)?.Info.Id) * 1_000L);
        leases = new ReplicaLeaseSet(quota, Stalls, ChargeAllowanceMicroseconds);
        timer = new Timer(static state => ((ReplicaLeaseRegistry)state!).Tick(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Composes what grants leases.</summary>
    public LeaseGrants Grants { get; }

    /// <summary>How far memory has followed the log.</summary>
    public LogPosition Position
    {
        get
        {
            lock (gate)
                return position;
        }
    }

    /// <summary>
    /// Called, under the lock, when a replica has acknowledged something, or need not be waited for any more. It must not wait.
    /// </summary>
    public Action AcksChanged { get; set; } = static () => { };

    /// <summary>How far memory and each environment's replicas have followed the log.</summary>
    public NodeAcks Acks
    {
        get
        {
            lock (gate)
                return AcksAt(Clock.BootMicroseconds());
        }
    }

    /// <summary>
    /// The same, to be told to other nodes: with what receipts show of the replicas (see <see cref="ReplicaAckState.Write"/>), and a number
    /// that orders it among others.
    /// </summary>
    public (NodeAcks Acks, string States, long Told) AcksToTell
    {
        get
        {
            lock (gate)
            {
                var now = Now();
                // First, so that the states match the pair.
                leases.RecordExpired(position.Sequence, now);
                return (AcksAt(now), leases.States(position.Sequence, now), ++told);
            }
        }
    }

    /// <summary>What replicas cost changes, by management key.</summary>
    public StallTracker Stalls { get; }

    /// <summary>When, on the boot clock, the last lease is over that is granted now.</summary>
    public long UntilMicroseconds
    {
        get
        {
            lock (gate)
                return leases.All.Select(static lease => lease.UntilMicroseconds).DefaultIfEmpty().Max();
        }
    }

    /// <summary>
    /// The replicas that are connected, or whose leases are not over; each with the last event that it has applied, and what changes waited
    /// for its key's replicas.
    /// </summary>
    public List<(ReplicaLease Replica, long Applied, long StallMicroseconds)> Replicas
    {
        get
        {
            lock (gate)
            {
                var now = Now();
                leases.Charge(now);
                return [.. leases.All.Where(lease => !lease.IsGone(now)).Select(lease => (lease, lease.AppliedOf(position.Sequence), lease.Stall?.StallMicroseconds(now) ?? 0))];
            }
        }
    }

    private long LeaseMicroseconds => node.Options.Terms.HolderMicroseconds;

    // Who owes an acknowledgement for longer gets no more time, so that a change waits for one lease at most.
    private long MostBehindMicroseconds => LeaseMicroseconds / 4;

    private long ChargeAllowanceMicroseconds => node.Options.StallAllowanceMilliseconds * 1_000L;

    private long AllowanceMicroseconds => node.Options.PauseAllowanceMilliseconds * 1_000L;

    /// <summary>Memory begins anew at a place in the log: every replica has to ask where it is.</summary>
    public void Begin(LogPosition at)
    {
        lock (gate)
        {
            foreach (var lease in leases.All)
            {
                if (at.Sequence > position.Sequence)
                    lease.TrackUnacked(position.Sequence + 1, at.Sequence, Now(), isCharged: false);
                // What is told from now on does not follow what was told before.
                lease.Stream?.Abort();
                lease.Disconnect();
            }

            position = at;
        }
    }

    /// <summary>Memory has applied events: tells those whom they concern.</summary>
    public void Publish(IReadOnlyList<LogEvent> events, LogPosition head)
    {
        lock (gate)
        {
            var before = position.Sequence;
            position = head;
            if (leases.Count == 0)
                return;
            var now = Now();
            leases.RecordExpired(before, now);
            var concerned = new Dictionary<int, List<LoggedCacheDeltas>>();
            var messages = new Dictionary<(int Environment, long After), byte[]>();
            foreach (var lease in leases.All)
            {
                var environment = lease.Identity.Environment;
                if (!concerned.TryGetValue(environment, out var concerning))
                    concerned.Add(environment, concerning = ReplicaDelta.For(environment, events));
                if (concerning.Count == 0)
                    continue;
                lease.TrackUnacked(before + 1, head.Sequence, now);
                if (!messages.TryGetValue((environment, lease.Sent), out var message))
                    messages.Add((environment, lease.Sent), message = ReplicaStream.Write(ReplicaDelta.Of(lease.Sent, concerning, head)));
                lease.Sent = head.Sequence;
                lease.Stream?.Send(message);
            }

            if (events.Any(static each => each.ConcernsManagement))
                CloseStreams(before + 1, now, static stream => !stream.IsAuthentic(), CloseReasons.Unauthorized);
            Schedule(now);
        }
    }

    /// <summary>How far each replica of an environment is that could answer from before an event.</summary>
    public List<VerifierLine> Lines(long sequence, int environment)
    {
        lock (gate)
        {
            var now = Now();
            leases.RecordExpired(position.Sequence, now);
            var own = leases.All.Where(lease => lease.Identity.Environment == environment);
            return [.. own.Select(lease => lease.Line(sequence, node.Id, position.Sequence, now)).OfType<VerifierLine>()];
        }
    }

    /// <summary>A task that ends when no replica of a scope can answer from before an event that memory has applied.</summary>
    public Task InForce(long sequence, EnvironmentScope scope)
    {
        lock (gate)
        {
            if (leases.Count == 0)
                return Task.CompletedTask;
            var now = Now();
            Schedule(now);
            return waits.Add(sequence, scope, leases.Behind(sequence, scope, now));
        }
    }

    /// <summary>Makes room for a connection. False when there is none.</summary>
    public bool TryAdd(ReplicaStream stream)
    {
        lock (gate)
            return !stopping && streams.Count < StreamLimits.ReplicasPerNode && streams.Add(stream);
    }

    /// <summary>A connection is over. What was granted over it is not.</summary>
    public void Remove(ReplicaStream stream)
    {
        lock (gate)
        {
            streams.Remove(stream);
            if (leases.Of(stream) is { } lease)
                lease.Disconnect();
            leases.Forget(Now(), shown: false);
        }
    }

    /// <summary>
    /// Answers who asks for a lease. The lease is recorded before anything of it is sent, and where the log is, is read after that. Over a
    /// new connection nothing is sent yet: the caller tells it what it has missed up to the place that is returned, and then what is held
    /// back here.
    /// </summary>
    public LeaseReservation? Ask(ReplicaStream stream, LeaseRequest ask)
    {
        lock (gate)
        {
            var now = Now();
            var remaining = node.Lease.IsPermanent ? LeaseMicroseconds : node.Lease.RemainingMicroseconds;
            if (Stalls.BarredUntil(stream.ManagementKeyId) is var barred && barred > now)
                return Refuse(stream, LeaseRefusals.Barred, barred, now);
            if (stopping || stream.IsEnding || remaining <= 0 || ask.Has?.Sequence > position.Sequence || leases.Find(stream, ask, position.Sequence, node.Clock.Now(), now) is not { } lease)
                return Refuse(stream, LeaseRefusals.Unavailable, now + RetryMicroseconds, now);
            lease.Charge(now, ChargeAllowanceMicroseconds);
            if (now >= lease.UntilMicroseconds)
                lease.RecordUnappliedRange(position.Sequence, now);
            var isNew = lease.Stream != stream;
            if (isNew)
            {
                lease.Stream?.Abort();
                stream.Hold();
                lease.Connect(stream, ask.Has?.Sequence ?? 0, position.Sequence, now);
                MarkAcked(lease, now);
            }
            else if (now - lease.OldestUnackedSince > MostBehindMicroseconds)
            {
                // Its time must end: it may not have applied what it was sent.
                return Refuse(stream, LeaseRefusals.Behind, now + RetryMicroseconds, now);
            }

            lease.Extend(now + remaining + AllowanceMicroseconds, node.Clock.Now());
            var reservation = new LeaseReservation(position, LeaseTerms.GrantMicroseconds(remaining));
            var after = lease.Sent;
            lease.Sent = position.Sequence;
            if (isNew)
                return reservation;
            stream.Send(Grants.Write(reservation, stream.Environment, after, [], reset: false));
            return null;
        }
    }

    /// <summary>A replica says what it has applied.</summary>
    public void Acknowledge(ReplicaStream stream, long sequence)
    {
        lock (gate)
        {
            if (leases.Of(stream) is not { } lease)
                return;
            var now = Now();
            lease.Charge(now, ChargeAllowanceMicroseconds);
            lease.Acknowledge(sequence);
            MarkAcked(lease, now);
        }
    }

    /// <summary>A replica has given up its lease.</summary>
    public void Release(ReplicaStream stream)
    {
        lock (gate)
        {
            if (stream.Identity is { } identity && leases.Of(stream) is { } lease)
            {
                var now = Now();
                leases.Remove(identity, lease, now);
                lease.Acknowledge(long.MaxValue);
                MarkAcked(lease, now);
            }
        }
    }

    /// <summary>Until when, at the latest, replicas hold leases from a process before this one, of which it knows nothing else.</summary>
    public void Inherit(long untilMicroseconds)
    {
        lock (gate)
        {
            leases.AddInherited(untilMicroseconds, node.Clock.Now(), Now());
        }
    }

    /// <summary>Grants no more, asks every replica to give up what it has, and ends when nobody holds anything.</summary>
    public async Task StopAsync()
    {
        Task over;
        lock (gate)
        {
            var now = Now();
            stopping = true;
            // Those that are not connected, too: they acknowledge nothing any more.
            foreach (var lease in leases.All)
                lease.TrackUnacked(position.Sequence + 1, long.MaxValue, now, isCharged: false);
            CloseStreams(position.Sequence + 1, now, static _ => true, CloseReasons.Stopping);
            over = InForce(long.MaxValue, EnvironmentScope.All);
        }

        await over;
        lock (gate)
        {
            foreach (var stream in streams)
                stream.Abort();
        }
    }

    public void Dispose() => timer.Dispose();

    private const long RetryMicroseconds = 50_000;
    // How often what replicas cost is measured while some change waits.
    private const long ChargeMicroseconds = 100_000;
    // A timer that is later than this was held up with its whole process.
    private const long StandstillMicroseconds = 250_000;

    // The boot clock, for whoever holds the lock. A node that stood still while changes waited could read no acknowledgement: that time is
    // its own, and none of its replicas'.
    private long Now()
    {
        var now = Clock.BootMicroseconds();
        if (now - dueMicroseconds > StandstillMicroseconds)
        {
            leases.Excuse(dueMicroseconds, now);
            dueMicroseconds = now;
        }

        return now;
    }

    // Laggards are counted against what memory has applied, under one lock.
    private NodeAcks AcksAt(long now) => new(position.Sequence, leases.Acks(now));

    private static LeaseReservation? Refuse(ReplicaStream stream, string code, long untilMicroseconds, long now)
    {
        stream.Send(ReplicaStream.Write(new LeaseRefusal(code, (int)((untilMicroseconds - now) / 1_000))));
        return null;
    }

    // Whoever is told to go acknowledges nothing any more but by giving up its lease.
    private void CloseStreams(long first, long now, Func<ReplicaStream, bool> which, string code)
    {
        foreach (var stream in streams.Where(which))
        {
            leases.Of(stream)?.TrackUnacked(first, long.MaxValue, now);
            stream.End(code);
        }
    }

    private void MarkAcked(ReplicaLease lease, long now)
    {
        waits.MarkAcked(lease, now);
        AcksChanged();
    }

    // Leases end by time alone: changes go on, and other nodes are told.
    private void Tick()
    {
        lock (gate)
        {
            var now = Now();
            dueMicroseconds = long.MaxValue;
            leases.Charge(now);
            Stalls.Check(now);
            leases.RecordExpired(position.Sequence, now);
            waits.Expire(now);
            AcksChanged();
            Schedule(now);
        }
    }

    private void Schedule(long now)
    {
        if (leases.NextEndMicroseconds(now) is not { } end)
            return;
        var due = Math.Min(end, now + ChargeMicroseconds);
        if (due >= dueMicroseconds)
            return;
        dueMicroseconds = due;
        timer.Change(Math.Max(1, ((due - now) / 1_000) + 1), Timeout.Infinite);
    }
}
