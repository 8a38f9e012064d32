using Warder.Core.Receipts;
using Warder.Core.Time;

namespace Warder.Engine.Replicas.Leases;

/// <summary>
/// The lease of one replica at this node: the time until which the replica may answer from memory, and the events that it has not
/// acknowledged.
/// </summary>
/// <remarks>
/// A mutable holder without a lock of its own: every member but the constant ones is used under the lock of
/// <see cref="ReplicaLeaseRegistry"/>.
/// </remarks>
/// <param name="identity">The replica.</param>
/// <param name="now">The current time.</param>
/// <param name="since">The last event when the replica was first granted a lease.</param>
/// <param name="stall">The stall that waits are charged to; null: no wait is charged.</param>
internal sealed class ReplicaLease(ReplicaIdentity identity, Instant now, long since, KeyStall? stall)
{
    private const long ShownMicroseconds = 60_000_000;
    // A replica that acknowledges has a few entries. The entries of a replica that does not are merged into one.
    private const int MaxTracked = 256;

    // Oldest first. The ends of the leases never decrease from one entry to the next.
    private readonly List<UnackedEvents> unacked = [];
    // Ranges of events that the replica had not applied when its lease ended, and the time on the boot clock until which receipts show
    // them.
    private readonly List<(long First, long Last, long UntilMicroseconds)> unapplied = [];
    // Whether the events that the replica missed at the end of its last lease are recorded.
    private bool isRecorded;

    /// <summary>The replica.</summary>
    public ReplicaIdentity Identity { get; } = identity;

    /// <summary>The time at which this node first saw the replica.</summary>
    public Instant ConnectedAt { get; } = now;

    /// <summary>The time of the last grant.</summary>
    public Instant GrantedAt { get; private set; } = now;

    /// <summary>The time, on the boot clock, until which the replica may answer from memory. Kept whether it is connected or not.</summary>
    public long UntilMicroseconds { get; private set; }

    /// <summary>The connection that carries the replica's acknowledgements; null when there is none.</summary>
    public ReplicaStream? Stream { get; private set; }

    /// <summary>The position at which the last message sent to the replica ended.</summary>
    public long Sent { get; set; }

    /// <summary>The time at which the oldest unacknowledged event was sent; null: the replica has acknowledged all.</summary>
    public long? OldestUnackedSince => unacked.Count > 0 ? unacked[0].SinceMicroseconds : null;

    /// <summary>The stall that waits are charged to; null: no wait is charged.</summary>
    public KeyStall? Stall { get; } = stall;

    /// <summary>Determines whether the replica is gone: not connected, and its lease over.</summary>
    public bool IsGone(long now) => Stream is null && now >= UntilMicroseconds;

    /// <summary>Determines whether receipts may still have to show that the lease ended without an acknowledgement.</summary>
    public bool IsShown(long now) => unapplied.Exists(range => now < range.UntilMicroseconds);

    /// <summary>Returns the last event that the replica has applied, or that does not concern it, given the node's position.</summary>
    public long AppliedOf(long position) => unacked.Count > 0 ? unacked[0].First - 1 : position;

    /// <summary>Returns the last event that changes need not wait for the replica with.</summary>
    /// <remarks>
    /// A lease that began after an event does not count for it: its grant named a position behind the event, and the replica uses the lease
    /// only from that position on.
    /// </remarks>
    /// <returns>Null: no change needs to wait for the replica.</returns>
    public long? AckedOf(long now)
    {
        foreach (var events in unacked)
        {
            if (now < events.UntilMicroseconds)
                return events.First - 1;
        }

        return null;
    }

    /// <summary>Determines whether a change must wait for the replica, because it may answer from before an event.</summary>
    public bool IsBehind(long sequence, long now) => AckedOf(now) < sequence;

    /// <summary>Returns the time at which the wait for the oldest awaited events ends.</summary>
    /// <returns>Null: no event is awaited.</returns>
    public long? NextEndMicroseconds(long now)
    {
        foreach (var events in unacked)
        {
            if (now < events.UntilMicroseconds)
                return events.UntilMicroseconds;
        }

        return null;
    }

    /// <summary>Continues the lease over another connection.</summary>
    /// <remarks>
    /// Without a running lease, the replica starts at the position that its next grant names. With a running lease, it still answers from
    /// the events that it has applied, until it acknowledges or that lease ends: a message under way to it is no acknowledgement.
    /// </remarks>
    /// <param name="stream">The connection.</param>
    /// <param name="has">The last event that the replica reports as applied.</param>
    /// <param name="position">The node's position.</param>
    /// <param name="now">The boot clock.</param>
    public void Connect(ReplicaStream stream, long has, long position, long now)
    {
        Stream = stream;
        var applied = now < UntilMicroseconds ? Math.Max(has, AppliedOf(position)) : position;
        // A charged wait keeps its start: a new connection is no acknowledgement, and repeated connections must not avoid the charge.
        var oldest = unacked.Find(static events => events.IsCharged);
        unacked.Clear();
        if (applied < position)
            Add(applied + 1, position, oldest.IsCharged ? oldest : new UnackedEvents { SinceMicroseconds = now, IsCharged = true });
    }

    /// <summary>Records that the connection is lost.</summary>
    public void Disconnect() => Stream = null;

    /// <summary>Extends the lease.</summary>
    public void Extend(long untilMicroseconds, Instant now)
    {
        UntilMicroseconds = Math.Max(UntilMicroseconds, untilMicroseconds);
        isRecorded = false;
        GrantedAt = now;
    }

    /// <summary>Tracks events that were sent, or should have been. Changes wait for them until the current lease is over.</summary>
    /// <param name="first">The first of the events.</param>
    /// <param name="last">The last of the events.</param>
    /// <param name="now">The boot clock.</param>
    /// <param name="isCharged">Whether the replica causes the wait, and not the node.</param>
    public void TrackUnacked(long first, long last, long now, bool isCharged = true)
    {
        // Without a connection no acknowledgement can arrive, so one entry covers all events of the same lease.
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
    /// Charges the management key with the time that changes have waited for the replica. The allowance of each wait, the time of an
    /// ordinary acknowledgement, is not charged.
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

        // Of the entries of leases that are over, only the first and the last event matter.
        while (unacked.Count > 1 && now >= unacked[1].UntilMicroseconds)
        {
            unacked[1] = unacked[1] with { First = unacked[0].First, SinceMicroseconds = unacked[0].SinceMicroseconds };
            unacked.RemoveAt(0);
        }
    }

    /// <summary>Excludes a time from the charge: the node itself stood still, and could not read an acknowledgement.</summary>
    /// <param name="from">The latest time, on the boot clock, at which the standstill began.</param>
    /// <param name="now">The boot clock.</param>
    public void Excuse(long from, long now)
    {
        for (var i = 0; i < unacked.Count; i++)
        {
            var events = unacked[i];
            // A wait with a charge is charged on from now. A younger wait starts later by the part of the standstill that it was in.
            unacked[i] = events.ChargedToMicroseconds > 0
                ? events with { ChargedToMicroseconds = now }
                : events with { SinceMicroseconds = events.SinceMicroseconds + now - Math.Max(from, events.SinceMicroseconds) };
        }
    }

    /// <summary>Acknowledges everything up to an event.</summary>
    public void Acknowledge(long sequence)
    {
        var behind = unacked.FindIndex(events => events.Last > sequence);
        unacked.RemoveRange(0, behind < 0 ? unacked.Count : behind);
    }

    /// <summary>
    /// Records, once the lease is over, the events that the replica had not applied by then: it never answers from before them. Called
    /// before the node's memory advances, and effective once for each lease.
    /// </summary>
    public void RecordExpiredLease(long position, long now)
    {
        if (isRecorded || now < UntilMicroseconds)
            return;
        isRecorded = true;
        RecordUnappliedRange(position, now);
    }

    /// <summary>Records the events that the replica has not applied and has no lease for.</summary>
    public void RecordUnappliedRange(long position, long now)
    {
        unapplied.RemoveAll(range => now >= range.UntilMicroseconds);
        var first = AppliedOf(position) + 1;
        if (first > position)
            return;
        unapplied.RemoveAll(range => range.First == first);
        unapplied.Add((first, position, now + ShownMicroseconds));
    }

    /// <summary>Returns the state that receipts show of the replica.</summary>
    /// <returns>Null: the receipts' changes do not concern the replica.</returns>
    public ReplicaAckState? AckState(long position, long now)
    {
        var ranges = unapplied.Where(range => now < range.UntilMicroseconds).Select(static range => (range.First, range.Last)).ToList();
        if (IsGone(now))
            return ranges.Count == 0 ? null : StateOf(ranges.Max(static range => range.Last), ranges);
        // No change waits for the replica with these events any more, because the lease at their sending is over. The replica answers
        // nothing, or has applied them.
        if (AppliedOf(position) is var applied && applied < position && AckedOf(now) is var acked && (acked is null || acked > applied))
            ranges.Add((applied + 1, acked ?? (now < UntilMicroseconds ? position : long.MaxValue)));
        return StateOf(long.MaxValue, ranges);
    }

    /// <summary>Returns the replica's progress with an event.</summary>
    /// <returns>Null: the event does not concern the replica.</returns>
    public VerifierLine? Line(long sequence, string follows, long position, long now)
        => AckState(position, now)?.At(sequence, follows) is not { } line ? null
            : IsBehind(sequence, now) ? line with { Outcome = Outcome.Waiting }
            : line;

    private ReplicaAckState StateOf(long last, List<(long First, long Last)> ranges)
        => new(Identity.Environment, Identity.Id, Identity.Name, since, last, ranges) { ManagementKeyId = Identity.ManagementKeyId };

    private void Add(long first, long last, UnackedEvents wait)
        => unacked.Add(wait with { First = first, Last = last, UntilMicroseconds = UntilMicroseconds });

    // Events of one message that are not acknowledged. SinceMicroseconds is the time of sending, and UntilMicroseconds the end on the boot
    // clock of the lease at that time. IsCharged states whether the wait is charged, and ChargedToMicroseconds up to when it was; zero: not
    // yet.
    private readonly record struct UnackedEvents(
        long First, long Last, long SinceMicroseconds, long UntilMicroseconds, bool IsCharged, long ChargedToMicroseconds);
}
