using Warder.Contracts.Replicas;
using Warder.Core.Ids;
using Warder.Core.Leases;
using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Storage;

namespace Warder.Server.Replicas.Leases;

/// <summary>
/// Which replicas may answer from memory by this node's leave, until when, and what each has acknowledged. What the node has applied counts as acknowledged by it once each of them has applied it
/// too, gave up its lease, or has had none for certain.
/// </summary>
/// <remarks>Thread-safe. Under its lock nothing is read of the store and nobody is waited for.</remarks>
internal sealed class ReplicaLeaseRegistry : IDisposable
{
    private readonly Node node;
    private readonly Lock gate = new();
    private readonly Dictionary<string, ReplicaLease> leases = new(StringComparer.Ordinal);
    private readonly HashSet<ReplicaStream> streams = [];
    private readonly List<ReplicaAckWait> waits = [];
    private readonly Timer timer;
    private LogPosition position = new(0, []);
    private bool stopping;

    public ReplicaLeaseRegistry(Node node)
    {
        this.node = node;
        timer = new Timer(static state => ((ReplicaLeaseRegistry)state!).Expire(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>How far memory has followed the log.</summary>
    public LogPosition Position
    {
        get
        {
            lock (gate)
                return position;
        }
    }

    /// <summary>How far this node and each of its replicas have followed it: what may be acknowledged.</summary>
    public long Acknowledged
    {
        get
        {
            lock (gate)
                return AcknowledgedAt(Clock.BootMicroseconds());
        }
    }

    /// <summary>What may be acknowledged, with what receipts have to say of the replicas: see <see cref="ReplicaAckState.Write"/>.</summary>
    public (long Sequence, string Notes) Acknowledgement
    {
        get
        {
            lock (gate)
            {
                var now = Clock.BootMicroseconds();
                return (AcknowledgedAt(now), ReplicaAckState.Write(leases.Values.Select(lease => lease.AckState(position.Sequence, now)).OfType<ReplicaAckState>()));
            }
        }
    }

    /// <summary>When, on the boot clock, the last lease is over that is granted now.</summary>
    public long UntilMicroseconds
    {
        get
        {
            lock (gate)
                return leases.Values.Select(static lease => lease.UntilMicroseconds).DefaultIfEmpty().Max();
        }
    }

    /// <summary>The replicas that are connected, or whose leases are not over; each with the last event that it has applied.</summary>
    public List<(ReplicaLease Replica, long Applied)> Replicas
    {
        get
        {
            lock (gate)
            {
                var now = Clock.BootMicroseconds();
                return [.. leases.Values.Where(lease => !lease.IsGone(now)).Select(lease => (lease, lease.AppliedOf(position.Sequence)))];
            }
        }
    }

    private long LeaseMicroseconds => node.Options.Terms.HolderMicroseconds;

    private long AllowanceMicroseconds => node.Options.PauseAllowanceMilliseconds * 1_000L;

    /// <summary>Memory begins anew at a place in the log: every replica has to ask where it is.</summary>
    public void Begin(LogPosition at)
    {
        lock (gate)
        {
            foreach (var lease in leases.Values)
            {
                if (at.Sequence > position.Sequence)
                    lease.TrackUnacked(position.Sequence + 1, at.Sequence, Clock.BootMicroseconds());
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
            var now = Clock.BootMicroseconds();
            RecordExpiredLeases(now);
            position = head;
            if (leases.Count == 0)
                return;
            var concerned = new Dictionary<int, List<LogEffects>>();
            var told = new Dictionary<(int Environment, long After), byte[]>();
            foreach (var lease in leases.Values)
            {
                if (!concerned.TryGetValue(lease.Environment, out var concerning))
                    concerned.Add(lease.Environment, concerning = ReplicaNews.For(lease.Environment, events));
                if (concerning.Count == 0)
                    continue;
                lease.TrackUnacked(before + 1, head.Sequence, now);
                if (!told.TryGetValue((lease.Environment, lease.Sent), out var message))
                    told.Add((lease.Environment, lease.Sent), message = ReplicaStream.Write(ReplicaNews.Of(lease.Sent, concerning, head)));
                lease.Sent = head.Sequence;
                lease.Stream?.Send(message);
            }

            if (events.Any(static each => each.ConcernsManagement))
                CloseStreams(before + 1, now, static stream => !stream.IsAuthentic(), Farewells.Unauthorized);
        }
    }

    /// <summary>How far each replica of an environment is that could answer from before an event.</summary>
    public List<VerifierLine> Lines(long sequence, int environment)
    {
        lock (gate)
        {
            var now = Clock.BootMicroseconds();
            RecordExpiredLeases(now);
            var own = leases.Values.Where(lease => lease.Environment == environment);
            return [.. own.Select(lease => lease.Line(sequence, node.Id, position.Sequence, now)).OfType<VerifierLine>()];
        }
    }

    /// <summary>A task that ends when no replica can answer from before an event that memory has applied.</summary>
    public Task InForce(long sequence)
    {
        lock (gate)
        {
            var missing = Live(Clock.BootMicroseconds()).Where(lease => lease.AppliedOf(position.Sequence) < sequence).ToList();
            return missing.Count == 0 ? Task.CompletedTask : Wait(sequence, missing);
        }
    }

    /// <summary>Makes room for a connection. False when there is none.</summary>
    public bool TryAdd(ReplicaStream stream)
    {
        lock (gate)
            return !stopping && streams.Count < Limits.ReplicasPerNode && streams.Add(stream);
    }

    /// <summary>A connection is over. What was granted over it is not.</summary>
    public void Remove(ReplicaStream stream)
    {
        lock (gate)
        {
            streams.Remove(stream);
            if (Of(stream) is { } lease)
                lease.Disconnect();
            Forget(Clock.BootMicroseconds(), suspects: false);
        }
    }

    /// <summary>
    /// Answers who asks for a lease. The lease is recorded before anything of it is sent, and where the log is, is read after that. Over a new connection nothing is sent yet: the caller tells it what
    /// it has missed up to the place that is returned, and then what is held back here.
    /// </summary>
    public LeaseReservation? Ask(ReplicaStream stream, LeaseAsk ask)
    {
        lock (gate)
        {
            var now = Clock.BootMicroseconds();
            var remaining = node.Lease.IsPermanent ? LeaseMicroseconds : node.Lease.RemainingMicroseconds;
            if (stopping || stream.IsEnding || remaining <= 0 || ask.Has?.Sequence > position.Sequence || Find(stream, ask, now) is not { } lease)
                return Refuse(stream, LeaseRefusals.Unavailable, now + RetryMicroseconds, now);
            if (lease.BarredUntilMicroseconds > now)
                return Refuse(stream, LeaseRefusals.Barred, lease.BarredUntilMicroseconds, now);
            if (now >= lease.UntilMicroseconds)
                lease.RecordUnappliedRange(position.Sequence, now);
            var isNew = lease.Stream != stream;
            if (isNew)
            {
                lease.Stream?.Abort();
                stream.Hold();
                lease.Connect(stream, ask.Has?.Sequence ?? 0, position.Sequence, now);
            }
            else if (now - lease.OldestUnackedSince > LeaseMicroseconds / 4)
            {
                // Its time must end, for changes wait for it.
                lease.RecordAckTimeout(now, LeaseMicroseconds);
                return Refuse(stream, LeaseRefusals.Behind, now + RetryMicroseconds, now);
            }

            lease.Extend(now + remaining + AllowanceMicroseconds, node.Clock.Now());
            var reservation = new LeaseReservation(position, LeaseTerms.GrantMicroseconds(remaining));
            var after = lease.Sent;
            lease.Sent = position.Sequence;
            if (isNew)
                return reservation;
            stream.Send(reservation.Grant(node, stream.Environment, after, [], reset: false));
            return null;
        }
    }

    /// <summary>A replica says what it has applied.</summary>
    public void Acknowledge(ReplicaStream stream, long sequence)
    {
        lock (gate)
        {
            if (Of(stream) is not { } lease)
                return;
            lease.Acknowledge(sequence);
            MarkAcked(lease);
        }
    }

    /// <summary>A replica has given up its lease.</summary>
    public void Surrender(ReplicaStream stream)
    {
        lock (gate)
        {
            if (stream.Identity is { } identity && Of(stream) is { } lease)
            {
                leases.Remove(identity);
                Finish(waits.FindAll(wait => wait.Missing.Contains(lease)), lease);
            }
        }
    }

    /// <summary>Until when, at the latest, replicas hold leases from a process before this one, of which it knows nothing else.</summary>
    public void Inherit(long untilMicroseconds)
    {
        lock (gate)
        {
            var now = node.Clock.Now();
            var lease = new ReplicaLease("", "a process before this one", 0, now, 0);
            lease.TrackUnacked(0, long.MaxValue, Clock.BootMicroseconds());
            lease.Extend(untilMicroseconds, now);
            leases.Add("", lease);
        }
    }

    /// <summary>Grants no more, asks every replica to give up what it has, and ends when nobody holds anything.</summary>
    public async Task StopAsync()
    {
        Task over;
        lock (gate)
        {
            var now = Clock.BootMicroseconds();
            stopping = true;
            CloseStreams(position.Sequence + 1, now, static _ => true, Farewells.Stopping);
            var missing = Live(now).ToList();
            over = missing.Count == 0 ? Task.CompletedTask : Wait(long.MaxValue, missing);
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

    // Whose lease is over by then is settled by then: so that what is said of it is said with what is acknowledged.
    private long AcknowledgedAt(long now)
    {
        RecordExpiredLeases(now);
        return Live(now).Aggregate(position.Sequence, (least, lease) => Math.Min(least, lease.AppliedOf(position.Sequence)));
    }

    private void RecordExpiredLeases(long now)
    {
        foreach (var lease in leases.Values)
            lease.RecordExpiredLease(position.Sequence, now);
    }

    private IEnumerable<ReplicaLease> Live(long now) => leases.Values.Where(lease => now < lease.UntilMicroseconds);

    private ReplicaLease? Of(ReplicaStream stream)
        => stream.Identity is { } identity && leases.TryGetValue(identity, out var lease) && lease.Stream == stream ? lease : null;

    private ReplicaLease? Find(ReplicaStream stream, LeaseAsk ask, long now)
    {
        var identity = stream.Identify(ask);
        if (leases.TryGetValue(identity, out var lease))
            return lease;
        bool HasRoom() => node.Streams.HasRoomForLease(stream.Caller, leases.Keys, leases.Values.Count(lease => lease.Environment == stream.Environment));
        if (!HasRoom())
            Forget(now, suspects: true);
        if (!HasRoom())
            return null;
        var time = node.Clock.Now();
        // One id, whichever nodes it follows, so that one can tell it from others in what several of them say.
        lease = new ReplicaLease(Id.Of(IdKind.Replica, identity), ask.Name, stream.Environment, time, position.Sequence);
        leases.Add(identity, lease);
        return lease;
    }

    // Whose lease is over, and who is not there, need not be known any more.
    private void Forget(long now, bool suspects)
    {
        foreach (var (identity, lease) in leases)
        {
            if (lease.IsGone(now) && (suspects || !lease.IsSuspect(now)))
                leases.Remove(identity);
        }
    }

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
            Of(stream)?.TrackUnacked(first, long.MaxValue, now);
            stream.End(code);
        }
    }

    private Task Wait(long sequence, List<ReplicaLease> missing)
    {
        var wait = new ReplicaAckWait(sequence) { Missing = missing };
        waits.Add(wait);
        Schedule(Clock.BootMicroseconds());
        return wait.Task;
    }

    private void MarkAcked(ReplicaLease lease)
    {
        var applied = lease.AppliedOf(position.Sequence);
        Finish(waits.FindAll(wait => wait.Sequence <= applied), lease);
    }

    private void Finish(List<ReplicaAckWait> some, ReplicaLease lease)
    {
        foreach (var wait in some)
        {
            wait.Missing.Remove(lease);
            if (wait.Missing.Count > 0)
                continue;
            waits.Remove(wait);
            wait.End();
        }
    }

    private void Expire()
    {
        lock (gate)
        {
            var now = Clock.BootMicroseconds();
            foreach (var lease in waits.SelectMany(static wait => wait.Missing).Distinct().Where(lease => now >= lease.UntilMicroseconds).ToList())
            {
                lease.RecordExpiredLease(position.Sequence, now);
                lease.RecordAckTimeout(now, LeaseMicroseconds);
                Finish([.. waits], lease);
                lease.Stream?.Abort();
            }

            Schedule(now);
        }
    }

    private void Schedule(long now)
    {
        if (waits.Count == 0)
            return;
        var next = waits.Min(static wait => wait.Missing.Min(static lease => lease.UntilMicroseconds));
        timer.Change(Math.Max(1, ((next - now) / 1_000) + 1), Timeout.Infinite);
    }
}
