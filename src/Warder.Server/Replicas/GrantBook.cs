using Warder.Contracts.Replicas;
using Warder.Core.Ids;
using Warder.Core.Leases;
using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Storage;

namespace Warder.Server.Replicas;

/// <summary>
/// Which replicas may answer from memory by this node's leave, until when, and what each has acknowledged. What the node has applied counts as acknowledged by it once each of them has applied it
/// too, gave up its lease, or has had none for certain.
/// </summary>
/// <remarks>Thread-safe. Under its lock nothing is read of the store and nobody is waited for.</remarks>
internal sealed class GrantBook : IDisposable
{
    private readonly Node node;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Grant> grants = new(StringComparer.Ordinal);
    private readonly HashSet<ReplicaStream> streams = [];
    private readonly List<GrantWait> waits = [];
    private readonly Timer timer;
    private LogPosition position = new(0, []);
    private bool stopping;

    public GrantBook(Node node)
    {
        this.node = node;
        timer = new Timer(static state => ((GrantBook)state!).Expire(), this, Timeout.Infinite, Timeout.Infinite);
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

    /// <summary>What may be acknowledged, with what receipts have to say of the replicas: see <see cref="ReplicaNote.Write"/>.</summary>
    public (long Sequence, string Notes) Acknowledgement
    {
        get
        {
            lock (gate)
            {
                var now = Clock.BootMicroseconds();
                return (AcknowledgedAt(now), ReplicaNote.Write(grants.Values.Select(grant => grant.Note(position.Sequence, now)).OfType<ReplicaNote>()));
            }
        }
    }

    /// <summary>When, on the boot clock, the last lease is over that is granted now.</summary>
    public long UntilMicroseconds
    {
        get
        {
            lock (gate)
                return grants.Values.Select(static grant => grant.UntilMicroseconds).DefaultIfEmpty().Max();
        }
    }

    /// <summary>The replicas that are connected, or whose leases are not over; each with the last event that it has applied.</summary>
    public List<(Grant Replica, long Applied)> Replicas
    {
        get
        {
            lock (gate)
            {
                var now = Clock.BootMicroseconds();
                return [.. grants.Values.Where(grant => !grant.IsGone(now)).Select(grant => (grant, grant.AppliedOf(position.Sequence)))];
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
            foreach (var grant in grants.Values)
            {
                if (at.Sequence > position.Sequence)
                    grant.Owe(position.Sequence + 1, at.Sequence, Clock.BootMicroseconds());
                // What is told from now on does not follow what was told before.
                grant.Stream?.Abort();
                grant.Disconnect();
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
            Settle(now);
            position = head;
            if (grants.Count == 0)
                return;
            var concerned = new Dictionary<int, List<LogEffects>>();
            var told = new Dictionary<(int Environment, long After), byte[]>();
            foreach (var grant in grants.Values)
            {
                if (!concerned.TryGetValue(grant.Environment, out var concerning))
                    concerned.Add(grant.Environment, concerning = ReplicaNews.For(grant.Environment, events));
                if (concerning.Count == 0)
                    continue;
                grant.Owe(before + 1, head.Sequence, now);
                if (!told.TryGetValue((grant.Environment, grant.Sent), out var message))
                    told.Add((grant.Environment, grant.Sent), message = ReplicaStream.Write(ReplicaNews.Of(grant.Sent, concerning, head)));
                grant.Sent = head.Sequence;
                grant.Stream?.Send(message);
            }

            if (events.Any(static each => each.ConcernsManagement))
                Dismiss(before + 1, now, static stream => !stream.IsAuthentic(), Farewells.Unauthorized);
        }
    }

    /// <summary>How far each replica of an environment is that could answer from before an event.</summary>
    public List<VerifierLine> Lines(long sequence, int environment)
    {
        lock (gate)
        {
            var now = Clock.BootMicroseconds();
            Settle(now);
            var own = grants.Values.Where(grant => grant.Environment == environment);
            return [.. own.Select(grant => grant.Line(sequence, node.Id, position.Sequence, now)).OfType<VerifierLine>()];
        }
    }

    /// <summary>A task that ends when no replica can answer from before an event that memory has applied.</summary>
    public Task InForce(long sequence)
    {
        lock (gate)
        {
            var missing = Live(Clock.BootMicroseconds()).Where(grant => grant.AppliedOf(position.Sequence) < sequence).ToList();
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
            if (Of(stream) is { } grant)
                grant.Disconnect();
            Forget(Clock.BootMicroseconds(), suspects: false);
        }
    }

    /// <summary>
    /// Answers who asks for a lease. The grant is booked before anything of it is sent, and where the log is, is read after that. Over a new connection nothing is sent yet: the caller tells it what
    /// it has missed up to the place that is returned, and then what is held back here.
    /// </summary>
    public Booking? Ask(ReplicaStream stream, LeaseAsk ask)
    {
        lock (gate)
        {
            var now = Clock.BootMicroseconds();
            var remaining = node.Lease.IsPermanent ? LeaseMicroseconds : node.Lease.RemainingMicroseconds;
            if (stopping || stream.IsEnding || remaining <= 0 || ask.Has?.Sequence > position.Sequence || Find(stream, ask, now) is not { } grant)
                return Refuse(stream, LeaseRefusals.Unavailable, now + RetryMicroseconds, now);
            if (grant.BarredUntilMicroseconds > now)
                return Refuse(stream, LeaseRefusals.Barred, grant.BarredUntilMicroseconds, now);
            if (now >= grant.UntilMicroseconds)
                grant.Lapse(position.Sequence, now);
            var isNew = grant.Stream != stream;
            if (isNew)
            {
                grant.Stream?.Abort();
                stream.Hold();
                grant.Connect(stream, ask.Has?.Sequence ?? 0, position.Sequence, now);
            }
            else if (now - grant.OwesSince > LeaseMicroseconds / 4)
            {
                // Its time must end, for changes wait for it.
                grant.Miss(now, LeaseMicroseconds);
                return Refuse(stream, LeaseRefusals.Behind, now + RetryMicroseconds, now);
            }

            grant.Extend(now + remaining + AllowanceMicroseconds, node.Clock.Now());
            var booking = new Booking(position, LeaseTerms.GrantMicroseconds(remaining));
            var after = grant.Sent;
            grant.Sent = position.Sequence;
            if (isNew)
                return booking;
            stream.Send(booking.Grant(node, stream.Environment, after, [], reset: false));
            return null;
        }
    }

    /// <summary>A replica says what it has applied.</summary>
    public void Acknowledge(ReplicaStream stream, long sequence)
    {
        lock (gate)
        {
            if (Of(stream) is not { } grant)
                return;
            grant.Acknowledge(sequence);
            Strike(grant);
        }
    }

    /// <summary>A replica has given up its lease.</summary>
    public void Surrender(ReplicaStream stream)
    {
        lock (gate)
        {
            if (stream.Identity is { } identity && Of(stream) is { } grant)
            {
                grants.Remove(identity);
                Finish(waits.FindAll(wait => wait.Missing.Contains(grant)), grant);
            }
        }
    }

    /// <summary>Until when, at the latest, replicas hold leases from a process before this one, of which it knows nothing else.</summary>
    public void Inherit(long untilMicroseconds)
    {
        lock (gate)
        {
            var now = node.Clock.Now();
            var grant = new Grant("", "a process before this one", 0, now, 0);
            grant.Owe(0, long.MaxValue, Clock.BootMicroseconds());
            grant.Extend(untilMicroseconds, now);
            grants.Add("", grant);
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
            Dismiss(position.Sequence + 1, now, static _ => true, Farewells.Stopping);
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
        Settle(now);
        return Live(now).Aggregate(position.Sequence, (least, grant) => Math.Min(least, grant.AppliedOf(position.Sequence)));
    }

    private void Settle(long now)
    {
        foreach (var grant in grants.Values)
            grant.Settle(position.Sequence, now);
    }

    private IEnumerable<Grant> Live(long now) => grants.Values.Where(grant => now < grant.UntilMicroseconds);

    private Grant? Of(ReplicaStream stream)
        => stream.Identity is { } identity && grants.TryGetValue(identity, out var grant) && grant.Stream == stream ? grant : null;

    private Grant? Find(ReplicaStream stream, LeaseAsk ask, long now)
    {
        var identity = stream.Identify(ask);
        if (grants.TryGetValue(identity, out var grant))
            return grant;
        if (grants.Count >= Limits.ReplicasPerNode)
            Forget(now, suspects: true);
        if (grants.Count >= Limits.ReplicasPerNode)
            return null;
        var time = node.Clock.Now();
        // One id, whichever nodes it follows, so that one can tell it from others in what several of them say.
        grant = new Grant(Id.Of(IdKind.Replica, identity), ask.Name, stream.Environment, time, position.Sequence);
        grants.Add(identity, grant);
        return grant;
    }

    // Whose lease is over, and who is not there, need not be known any more.
    private void Forget(long now, bool suspects)
    {
        foreach (var (identity, grant) in grants)
        {
            if (grant.IsGone(now) && (suspects || !grant.IsSuspect(now)))
                grants.Remove(identity);
        }
    }

    private static Booking? Refuse(ReplicaStream stream, string code, long untilMicroseconds, long now)
    {
        stream.Send(ReplicaStream.Write(new LeaseRefusal(code, (int)((untilMicroseconds - now) / 1_000))));
        return null;
    }

    // Whoever is told to go acknowledges nothing any more but by giving up its lease.
    private void Dismiss(long first, long now, Func<ReplicaStream, bool> which, string code)
    {
        foreach (var stream in streams.Where(which))
        {
            Of(stream)?.Owe(first, long.MaxValue, now);
            stream.End(code);
        }
    }

    private Task Wait(long sequence, List<Grant> missing)
    {
        var wait = new GrantWait(sequence) { Missing = missing };
        waits.Add(wait);
        Schedule(Clock.BootMicroseconds());
        return wait.Task;
    }

    private void Strike(Grant grant)
    {
        var applied = grant.AppliedOf(position.Sequence);
        Finish(waits.FindAll(wait => wait.Sequence <= applied), grant);
    }

    private void Finish(List<GrantWait> some, Grant grant)
    {
        foreach (var wait in some)
        {
            wait.Missing.Remove(grant);
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
            foreach (var grant in waits.SelectMany(static wait => wait.Missing).Distinct().Where(grant => now >= grant.UntilMicroseconds).ToList())
            {
                grant.Settle(position.Sequence, now);
                grant.Miss(now, LeaseMicroseconds);
                Finish([.. waits], grant);
                grant.Stream?.Abort();
            }

            Schedule(now);
        }
    }

    private void Schedule(long now)
    {
        if (waits.Count == 0)
            return;
        var next = waits.Min(static wait => wait.Missing.Min(static grant => grant.UntilMicroseconds));
        timer.Change(Math.Max(1, ((next - now) / 1_000) + 1), Timeout.Infinite);
    }
}
