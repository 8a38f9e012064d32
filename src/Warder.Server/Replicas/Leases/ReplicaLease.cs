using Warder.Core.Receipts;
using Warder.Core.Time;

namespace Warder.Server.Replicas.Leases;

/// <summary>One replica in its node's book: until when it may answer from memory, and what it has yet to acknowledge.</summary>
/// <remarks>A mutable holder without a lock of its own: every member but the constant ones is used under <see cref="ReplicaLeaseRegistry"/>'s.</remarks>
internal sealed class ReplicaLease(string id, string name, int environment, Instant now, long since)
{
    private const long MissMicroseconds = 60_000_000;
    private const long FirstBackOffMicroseconds = 1_000_000;
    private const long MaxBackOffMicroseconds = 60_000_000;

    // Events that were sent and are not acknowledged, oldest first: the first event of each message, its last, and when it was told.
    private readonly Queue<(long First, long Last, long Since)> unacked = new();
    // What it had not applied when its lease was over, and until when on the boot clock that is of interest to a receipt.
    private readonly List<(long First, long Last, long UntilMicroseconds)> lapses = [];
    // Whether what it missed when its last lease was over is among them.
    private bool isSettled;
    private long backOffMicroseconds = FirstBackOffMicroseconds;
    private long? missedMicroseconds;

    /// <summary><c>replica_…</c></summary>
    public string Id { get; } = id;

    /// <summary>What its operator calls it.</summary>
    public string Name { get; } = name;

    /// <summary>The number of its management key's environment.</summary>
    public int Environment { get; } = environment;

    /// <summary>Since when this node knows it.</summary>
    public Instant ConnectedAt { get; } = now;

    /// <summary>When it was last granted a lease.</summary>
    public Instant GrantedAt { get; private set; } = now;

    /// <summary>Until when changes wait for it, on the boot clock. Kept whether it is connected or not.</summary>
    public long UntilMicroseconds { get; private set; }

    /// <summary>The connection whose acknowledgements count; null when there is none.</summary>
    public ReplicaStream? Stream { get; private set; }

    /// <summary>Where the last message that it was sent ended.</summary>
    public long Sent { get; set; }

    /// <summary>Until when it is refused a lease, since changes had to wait for it twice in a minute.</summary>
    public long BarredUntilMicroseconds { get; private set; }

    /// <summary>Whether it is gone: it is not there, and its lease is over.</summary>
    public bool IsGone(long now) => Stream is null && now >= UntilMicroseconds;

    /// <summary>Whether it must be known on, should it come back, for changes had to wait for it.</summary>
    public bool IsSuspect(long now) => now < BarredUntilMicroseconds || now - missedMicroseconds < MissMicroseconds;

    /// <summary>The last event that it is known to have applied, or to have nothing to do with, given how far the node is.</summary>
    public long AppliedOf(long position) => unacked.TryPeek(out var oldest) ? oldest.First - 1 : position;

    /// <summary>When the oldest event was sent that it has not acknowledged; null when it has acknowledged all.</summary>
    public long? OldestUnackedSince => unacked.TryPeek(out var oldest) ? oldest.Since : null;

    /// <summary>Continues over another connection, with everything after the given event unacknowledged.</summary>
    public void Connect(ReplicaStream stream, long has, long position, long now)
    {
        Stream = stream;
        unacked.Clear();
        if (has < position)
            TrackUnacked(has + 1, position, now);
    }

    /// <summary>Lost its connection.</summary>
    public void Disconnect() => Stream = null;

    /// <summary>Has more time.</summary>
    public void Extend(long untilMicroseconds, Instant now)
    {
        UntilMicroseconds = Math.Max(UntilMicroseconds, untilMicroseconds);
        isSettled = false;
        GrantedAt = now;
    }

    /// <summary>Has been told, or should have been, of events.</summary>
    public void TrackUnacked(long first, long last, long now)
    {
        // Without a connection nothing can be acknowledged: the oldest is enough to know.
        if (Stream is not null || unacked.Count == 0)
            unacked.Enqueue((first, last, now));
    }

    /// <summary>Acknowledges everything up to a number.</summary>
    public void Acknowledge(long sequence)
    {
        while (unacked.TryPeek(out var oldest) && oldest.Last <= sequence)
            unacked.Dequeue();
    }

    /// <summary>If its lease is over, notes what it had not applied by then: from before that it never answers. Once, before the node's memory goes on.</summary>
    public void RecordExpiredLease(long position, long now)
    {
        if (isSettled || now < UntilMicroseconds)
            return;
        isSettled = true;
        RecordUnappliedRange(position, now);
    }

    /// <summary>Notes what it has not applied, having no lease.</summary>
    public void RecordUnappliedRange(long position, long now)
    {
        lapses.RemoveAll(lapse => now >= lapse.UntilMicroseconds);
        var first = AppliedOf(position) + 1;
        if (first > position)
            return;
        lapses.RemoveAll(lapse => lapse.First == first);
        lapses.Add((first, position, now + MissMicroseconds));
    }

    /// <summary>What receipts have to say of it; null when it had nothing to do with what they are about.</summary>
    public ReplicaAckState? AckState(long position, long now)
    {
        var known = lapses.Where(lapse => now < lapse.UntilMicroseconds).Select(static lapse => (lapse.First, lapse.Last)).ToList();
        if (IsGone(now))
            return known.Count == 0 ? null : new ReplicaAckState(Environment, Id, Name, since, known.Max(static lapse => lapse.Last), known);
        // It is there, and without a lease until it has applied everything.
        if (Stream is not null && now >= UntilMicroseconds && AppliedOf(position) < position)
            known.Add((AppliedOf(position) + 1, long.MaxValue));
        return new ReplicaAckState(Environment, Id, Name, since, long.MaxValue, known);
    }

    /// <summary>How far it is with an event; null when it had nothing to do with it.</summary>
    public VerifierLine? Line(long sequence, string follows, long position, long now)
        => AckState(position, now)?.At(sequence, follows) is { } line
            ? now < UntilMicroseconds && AppliedOf(position) < sequence ? line with { Outcome = Outcome.Waiting } : line
            : null;

    /// <summary>Was waited for until its time was over, or requested a lease while an event was unacknowledged for long. What comes within one lease counts as one.</summary>
    public void RecordAckTimeout(long now, long leaseMicroseconds)
    {
        if (missedMicroseconds is { } before && now - before < leaseMicroseconds)
            return;
        if (now - missedMicroseconds < MissMicroseconds)
        {
            BarredUntilMicroseconds = Math.Max(now, UntilMicroseconds) + backOffMicroseconds;
            backOffMicroseconds = Math.Min(backOffMicroseconds * 2, MaxBackOffMicroseconds);
        }
        else
        {
            backOffMicroseconds = FirstBackOffMicroseconds;
        }

        missedMicroseconds = now;
    }
}
