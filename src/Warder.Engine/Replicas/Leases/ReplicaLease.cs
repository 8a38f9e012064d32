using Warder.Core.Receipts;
using Warder.Core.Time;

namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// The lease of one replica at this node: until when it may answer from memory, and which events it has not acknowledged.
/// </summary>
/// <remarks>
/// A mutable holder without a lock of its own: every member but the constant ones is used under <see cref="ReplicaLeaseRegistry"/>'s.
/// </remarks>
/// <param name="identity">Which replica.</param>
/// <param name="now">The time.</param>
/// <param name="since">The last event when it was first granted a lease.</param>
/// <param name="stall">What its management key is charged with; null: nothing is charged.</param>
internal sealed class ReplicaLease(ReplicaIdentity identity, Instant now, long since, KeyStall? stall)
{
    private const long ShownMicroseconds = 60_000_000;
    // A replica that acknowledges has a handful. One that does not is waited for as a whole.
    private const int MaxTracked = 256;

    // Oldest first. Their ends never fall from one to the next.
    private readonly List<UnackedEvents> unacked = [];
    // What it had not applied when its lease was over, and until when on the boot clock that is of interest to a receipt.
    private readonly List<(long First, long Last, long UntilMicroseconds)> unapplied = [];
    // Whether what it missed when its last lease was over is among them.
    private bool isRecorded;

    /// <summary>Which replica.</summary>
    public ReplicaIdentity Identity { get; } = identity;

    /// <summary>Since when this node knows it.</summary>
    public Instant ConnectedAt { get; } = now;

    /// <summary>When it was last granted a lease.</summary>
    public Instant GrantedAt { get; private set; } = now;

    /// <summary>Until when it may answer from memory, on the boot clock. Kept whether it is connected or not.</summary>
    public long UntilMicroseconds { get; private set; }

    /// <summary>The connection whose acknowledgements count; null when there is none.</summary>
    public ReplicaStream? Stream { get; private set; }

    /// <summary>Where the last message that it was sent ended.</summary>
    public long Sent { get; set; }

    /// <summary>When the oldest event was sent that it has not acknowledged; null when it has acknowledged all.</summary>
    public long? OldestUnackedSince => unacked.Count > 0 ? unacked[0].SinceMicroseconds : null;

    /// <summary>What its management key is charged with; null: nothing is charged.</summary>
    public KeyStall? Stall { get; } = stall;

    /// <summary>Whether it is gone: it is not connected, and its lease is over.</summary>
    public bool IsGone(long now) => Stream is null && now >= UntilMicroseconds;

    /// <summary>Whether receipts may still have to show that its lease ended without an acknowledgement.</summary>
    public bool IsShown(long now) => unapplied.Exists(range => now < range.UntilMicroseconds);

    /// <summary>The last event that it is known to have applied, or to have nothing to do with, given how far the node is.</summary>
    public long AppliedOf(long position) => unacked.Count > 0 ? unacked[0].First - 1 : position;

    /// <summary>
    /// The last event that changes need not wait for it with; null when they need not wait for it at all. A lease that began later than an
    /// event does not count for it: its grant named a place behind the event, and the replica uses it only from there.
    /// </summary>
    public long? AckedOf(long now)
    {
        foreach (var events in unacked)
        {
            if (now < events.UntilMicroseconds)
                return events.First - 1;
        }

        return null;
    }

    /// <summary>Whether a change has to wait for it: it may answer from before an event.</summary>
    public bool IsBehind(long sequence, long now) => AckedOf(now) < sequence;

    /// <summary>When the next of its unacknowledged events is no more to be waited for; null when none is waited for.</summary>
    public long? NextEndMicroseconds(long now)
    {
        foreach (var events in unacked)
        {
            if (now < events.UntilMicroseconds)
                return events.UntilMicroseconds;
        }

        return null;
    }

    /// <summary>
    /// Continues over another connection. A replica whose lease is over starts at the place that its next grant names; one whose lease runs
    /// still answers from what it has applied, until it acknowledges or that lease is over: a message on its way to it is no
    /// acknowledgement.
    /// </summary>
    /// <param name="stream">The connection.</param>
    /// <param name="has">The last event that the replica says to have applied.</param>
    /// <param name="position">How far the node is.</param>
    /// <param name="now">The boot clock.</param>
    public void Connect(ReplicaStream stream, long has, long position, long now)
    {
        Stream = stream;
        var applied = now < UntilMicroseconds ? Math.Max(has, AppliedOf(position)) : position;
        // What is charged goes on from when it began: to connect again and again is no acknowledgement.
        var oldest = unacked.Find(static events => events.IsCharged);
        unacked.Clear();
        if (applied < position)
            Add(applied + 1, position, oldest.IsCharged ? oldest : new UnackedEvents { SinceMicroseconds = now, IsCharged = true });
    }

    /// <summary>Lost its connection.</summary>
    public void Disconnect() => Stream = null;

    /// <summary>Has more time.</summary>
    public void Extend(long untilMicroseconds, Instant now)
    {
        UntilMicroseconds = Math.Max(UntilMicroseconds, untilMicroseconds);
        isRecorded = false;
        GrantedAt = now;
    }

    /// <summary>Was sent events, or should have been. They are waited for until the lease that it has now is over.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="last">The last of them.</param>
    /// <param name="now">The boot clock.</param>
    /// <param name="isCharged">Whether a wait is the replica's doing, and not the node's.</param>
    public void TrackUnacked(long first, long last, long now, bool isCharged = true)
    {
        // Without a connection nothing can be acknowledged: events of one and the same lease are waited for together.
        if (Stream is null && unacked.Count > 0 && unacked[^1].UntilMicroseconds == UntilMicroseconds)
            return;
        if (unacked.Count < MaxTracked)
        {
            Add(first, last, new UnackedEvents { SinceMicroseconds = now, IsCharged = isCharged });
            return;
        }

        var oldest = unacked[0];
        unacked.Clear();
        Add(oldest.First, last, oldest);
    }

    /// <summary>
    /// Charges its management key with the time that changes have waited for it, but for the allowance of each wait: so long an ordinary
    /// acknowledgement takes.
    /// </summary>
    public void Charge(long now, long allowanceMicroseconds)
    {
        for (var i = 0; i < unacked.Count; i++)
        {
            var events = unacked[i];
            var end = Math.Min(now, events.UntilMicroseconds);
            var from = Math.Max(events.ChargedToMicroseconds, events.SinceMicroseconds + allowanceMicroseconds);
            if (events.IsCharged && from < end)
            {
                Stall?.Add(from, end);
                events = events with { ChargedToMicroseconds = end };
            }

            unacked[i] = events with { IsCharged = events.IsCharged && now < events.UntilMicroseconds };
        }

        // Of those that are over only the first and the last event matter.
        while (unacked.Count > 1 && now >= unacked[1].UntilMicroseconds)
        {
            unacked[1] = unacked[1] with { First = unacked[0].First, SinceMicroseconds = unacked[0].SinceMicroseconds };
            unacked.RemoveAt(0);
        }
    }

    /// <summary>Leaves a time out of what is charged: the node itself stood still, and could not read an acknowledgement.</summary>
    /// <param name="from">When on the boot clock it stood still at the latest.</param>
    /// <param name="now">The boot clock.</param>
    public void Excuse(long from, long now)
    {
        for (var i = 0; i < unacked.Count; i++)
        {
            var events = unacked[i];
            // A wait that is charged already is charged on from now; the allowance of a younger one lasts longer by what it lost.
            unacked[i] = events.ChargedToMicroseconds > 0
                ? events with { ChargedToMicroseconds = now }
                : events with { SinceMicroseconds = events.SinceMicroseconds + now - Math.Max(from, events.SinceMicroseconds) };
        }
    }

    /// <summary>Acknowledges everything up to a number.</summary>
    public void Acknowledge(long sequence)
    {
        var behind = unacked.FindIndex(events => events.Last > sequence);
        unacked.RemoveRange(0, behind < 0 ? unacked.Count : behind);
    }

    /// <summary>
    /// If its lease is over, notes what it had not applied by then: from before that it never answers. Once, before the node's memory goes
    /// on.
    /// </summary>
    public void RecordExpiredLease(long position, long now)
    {
        if (isRecorded || now < UntilMicroseconds)
            return;
        isRecorded = true;
        RecordUnappliedRange(position, now);
    }

    /// <summary>Notes what it has not applied, having no lease.</summary>
    public void RecordUnappliedRange(long position, long now)
    {
        unapplied.RemoveAll(range => now >= range.UntilMicroseconds);
        var first = AppliedOf(position) + 1;
        if (first > position)
            return;
        unapplied.RemoveAll(range => range.First == first);
        unapplied.Add((first, position, now + ShownMicroseconds));
    }

    /// <summary>What receipts have to say of it; null when it had nothing to do with what they are about.</summary>
    public ReplicaAckState? AckState(long position, long now)
    {
        var ranges = unapplied.Where(range => now < range.UntilMicroseconds).Select(static range => (range.First, range.Last)).ToList();
        if (IsGone(now))
            return ranges.Count == 0 ? null : StateOf(ranges.Max(static range => range.Last), ranges);
        // No change waits for it any more with these: the lease that it had when they were sent is over. It answers nothing, or has applied
        // them.
        if (AppliedOf(position) is var applied && applied < position && AckedOf(now) is var acked && (acked is null || acked > applied))
            ranges.Add((applied + 1, acked ?? (now < UntilMicroseconds ? position : long.MaxValue)));
        return StateOf(long.MaxValue, ranges);
    }

    /// <summary>How far it is with an event; null when it had nothing to do with it.</summary>
    public VerifierLine? Line(long sequence, string follows, long position, long now)
        => AckState(position, now)?.At(sequence, follows) is { } line ? IsBehind(sequence, now) ? line with { Outcome = Outcome.Waiting } : line : null;

    private ReplicaAckState StateOf(long last, List<(long First, long Last)> ranges)
        => new(Identity.Environment, Identity.Id, Identity.Name, since, last, ranges) { ManagementKeyId = Identity.ManagementKeyId };

    private void Add(long first, long last, UnackedEvents wait) => unacked.Add(wait with { First = first, Last = last, UntilMicroseconds = UntilMicroseconds });

    // Events that were sent in one message and are not acknowledged: when they were sent, when on the boot clock the lease of that time is
    // over, whether the wait is charged, and up to when it was; zero: not yet.
    private readonly record struct UnackedEvents(
        long First, long Last, long SinceMicroseconds, long UntilMicroseconds, bool IsCharged, long ChargedToMicroseconds);
}
