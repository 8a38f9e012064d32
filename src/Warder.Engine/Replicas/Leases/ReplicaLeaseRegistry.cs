using Warder.Core.Leases;
using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Hosting;
using Warder.Engine.Nodes;
using Warder.Engine.Streams;
using Warder.Protocol;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Nodes;

namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// The leases of the replicas that follow this node: each lease's end, and the events that the replica has acknowledged. A change waits for
/// each replica of its own environment until the replica acknowledges or releases its lease. Otherwise, the wait ends with the lease that
/// the replica had when this node applied the change.
/// </summary>
/// <remarks>Thread-safe. Under the lock, no code reads the store and no code waits.</remarks>
internal sealed class ReplicaLeaseRegistry : IDisposable
{
    private readonly (string Id, NodeOptions Options, Lease Lease, Clock Clock) node;
    private readonly Lock gate = new();
    private readonly ReplicaLeaseSet leases;
    private readonly HashSet<ReplicaStream> streams = [];
    private readonly ReplicaAckWaits waits = new();
    private readonly Timer timer;
    private LogPosition position = new(0, []);
    private long ackNumber;
    private long dueMicroseconds = long.MaxValue;
    private bool stopping;

    public ReplicaLeaseRegistry(
        string nodeId, NodeOptions options, Lease nodeLease, Clock clock, EnvironmentRegistry environments, StreamQuota quota)
    {
        node = (nodeId, options, nodeLease, clock);
        Grants = new LeaseGrants(options, clock, environments);
        Stalls = new StallTracker(clock, environment => options.StallBudgetMilliseconds(environments.Find(environment)?.Info.Id) * 1_000L);
        leases = new ReplicaLeaseSet(quota, Stalls, ChargeAllowanceMicroseconds);
        timer = new Timer(static state => ((ReplicaLeaseRegistry)state!).Tick(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Composes the messages that grant leases.</summary>
    public LeaseGrants Grants { get; }

    /// <summary>The position in the log that memory has applied.</summary>
    public LogPosition Position
    {
        get
        {
            lock (gate)
                return position;
        }
    }

    /// <summary>Called, under the lock, when a replica has acknowledged, or need not be awaited any more. It must not wait.</summary>
    public Action AcksChanged { get; set; } = static () => { };

    /// <summary>The positions that memory and each environment's replicas have applied.</summary>
    public NodeAcks Acks
    {
        get
        {
            lock (gate)
                return AcksAt(Clock.BootMicroseconds());
        }
    }

    /// <summary>
    /// The positions to publish to other nodes: <see cref="Acks"/>, the states that receipts show of the replicas (see
    /// <see cref="ReplicaAckState.Write"/>), and a number that orders the publications.
    /// </summary>
    public (NodeAcks Acks, string States, long Number) AcksToPublish
    {
        get
        {
            lock (gate)
            {
                var now = Now();
                // Expired leases are recorded first, so that the states match the pair.
                leases.RecordExpired(position.Sequence, now);
                return (AcksAt(now), leases.States(position.Sequence, now), ++ackNumber);
            }
        }
    }

    /// <summary>The time that changes waited for replicas, by management key.</summary>
    public StallTracker Stalls { get; }

    /// <summary>The end, on the boot clock, of the last lease that a replica holds now.</summary>
    public long UntilMicroseconds
    {
        get
        {
            lock (gate)
                return leases.All.Select(static lease => lease.UntilMicroseconds).DefaultIfEmpty().Max();
        }
    }

    /// <summary>
    /// The replicas that are connected or hold a lease that is not over; each with the last event that it has applied, and the time that
    /// changes waited for its key's replicas.
    /// </summary>
    public List<(ReplicaLease Replica, long Applied, long StallMicroseconds)> Replicas
    {
        get
        {
            lock (gate)
            {
                var now = Now();
                leases.Charge(now);
                return [.. leases.All.Where(lease => !lease.IsGone(now)).Select(
                    lease => (lease, lease.AppliedOf(position.Sequence), lease.Stall?.StallMicroseconds(now) ?? 0))];
            }
        }
    }

    private long LeaseMicroseconds => node.Options.Terms.HolderMicroseconds;

    // A replica with an older unacknowledged event gets no extension, so that a change waits for one lease at most.
    private long MostBehindMicroseconds => LeaseMicroseconds / 4;

    private long ChargeAllowanceMicroseconds => node.Options.StallAllowanceMilliseconds * 1_000L;
    private long AllowanceMicroseconds => node.Options.PauseAllowanceMilliseconds * 1_000L;

    /// <summary>Starts memory over at a position in the log: every replica must request a new lease over a new connection.</summary>
    public void Begin(LogPosition at)
    {
        lock (gate)
        {
            foreach (var lease in leases.All)
            {
                if (at.Sequence > position.Sequence)
                    lease.TrackUnacked(position.Sequence + 1, at.Sequence, Now(), isCharged: false);
                // The next messages do not continue the sequence of the messages sent before.
                lease.Stream?.Abort();
                lease.Disconnect();
            }

            position = at;
        }
    }

    /// <summary>Sends events that memory has applied to the replicas that they concern.</summary>
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

    /// <summary>Returns the progress of each replica of an environment that could answer from before an event.</summary>
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

    /// <summary>Returns a task that completes when no replica of a scope can answer from before an event that memory has applied.</summary>
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

    /// <summary>Adds a connection. Returns false if the registry is full or stopping.</summary>
    public bool TryAdd(ReplicaStream stream)
    {
        lock (gate)
            return !stopping && streams.Count < StreamLimits.ReplicasPerNode && streams.Add(stream);
    }

    /// <summary>Removes a connection that has ended. Leases that were granted over it stay.</summary>
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
    /// Grants or refuses a lease. The lease is recorded before any part of it is sent, and the log's position is read after that.
    /// </summary>
    /// <returns>
    /// The reservation over a new connection: the caller first sends the events up to its position, then the messages that the stream
    /// holds. Null: the answer was sent.
    /// </returns>
    public LeaseReservation? Reserve(ReplicaStream stream, LeaseRequest request)
    {
        lock (gate)
        {
            var now = Now();
            var remaining = node.Lease.IsPermanent ? LeaseMicroseconds : node.Lease.RemainingMicroseconds;
            if (Stalls.BarredUntil(stream.ManagementKeyId) is var barred && barred > now)
                return Refuse(stream, LeaseRefusals.Barred, barred, now);
            if (stopping || stream.IsEnding || remaining <= 0 || request.Has?.Sequence > position.Sequence
                || leases.Find(stream, request, position.Sequence, node.Clock.Now(), now) is not { } lease)
                return Refuse(stream, LeaseRefusals.Unavailable, now + RetryMicroseconds, now);
            lease.Charge(now, ChargeAllowanceMicroseconds);
            if (now >= lease.UntilMicroseconds)
                lease.RecordUnappliedRange(position.Sequence, now);
            var isNew = lease.Stream != stream;
            if (isNew)
            {
                lease.Stream?.Abort();
                stream.Hold();
                lease.Connect(stream, request.Has?.Sequence ?? 0, position.Sequence, now);
                MarkAcked(lease, now);
            }
            else if (now - lease.OldestUnackedSince > MostBehindMicroseconds)
            {
                // The lease must run out: the replica may not have applied the events that it was sent.
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

    /// <summary>Records that a replica has applied the log up to an event.</summary>
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

    /// <summary>Removes the lease that a replica has released.</summary>
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

    /// <summary>Adds the latest end of the leases that a previous process granted. No other detail of them is known.</summary>
    public void Inherit(long untilMicroseconds)
    {
        lock (gate)
            leases.AddInherited(untilMicroseconds, node.Clock.Now(), Now());
    }

    /// <summary>Stops granting, requests every replica to release its lease, and returns when no replica holds one.</summary>
    public async Task StopAsync()
    {
        Task over;
        lock (gate)
        {
            var now = Now();
            stopping = true;
            // Disconnected replicas count too: they send no acknowledgement any more.
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
    // The period at which stalls are measured while a change waits.
    private const long ChargeMicroseconds = 100_000;
    // A timer that fires later than this was held up together with its whole process.
    private const long StandstillMicroseconds = 250_000;

    // Reads the boot clock, under the lock. A node that stood still while changes waited could not read acknowledgements: that time is not
    // charged to its replicas.
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

    // Lagging replicas are computed against the position of memory, under one lock.
    private NodeAcks AcksAt(long now) => new(position.Sequence, leases.Acks(now));

    private static LeaseReservation? Refuse(ReplicaStream stream, string code, long untilMicroseconds, long now)
    {
        stream.Send(ReplicaStream.Write(new LeaseRefusal(code, (int)((untilMicroseconds - now) / 1_000))));
        return null;
    }

    // A replica that is to close acknowledges no further event except by releasing its lease.
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

    // Leases end by time alone: changes continue, and the new state is published to other nodes.
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
