using Warder.Core.Time;
using Warder.Engine.Replicas.Leases;

namespace Warder.Server.Tests.Replicas;

/// <summary>What changes wait for, by a lease alone. Times are microseconds.</summary>
public sealed class ReplicaLeaseTests
{
    private const long End = 1_800_000;
    private const long Allowance = 100_000;

    private readonly KeyStall stall = new("mgmt_key_a", 1);
    private readonly ReplicaLease lease;

    public ReplicaLeaseTests() => lease = new ReplicaLease(new ReplicaIdentity("replica_a", "a", 1, "mgmt_key_a"), new Instant(0), 3, stall);

    [Fact]
    public void An_event_is_waited_for_until_it_is_acknowledged_or_the_lease_of_its_time_is_over()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 0);
        Assert.True(lease.IsBehind(5, 1));
        Assert.False(lease.IsBehind(4, 1));
        // A later grant names a place behind the event: it adds nothing to the wait.
        lease.Extend(2 * End, new Instant(0));
        Assert.True(lease.IsBehind(5, End - 1));
        Assert.False(lease.IsBehind(5, End));
    }

    [Fact]
    public void A_later_event_is_waited_for_until_the_later_lease_is_over()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 0);
        lease.Extend(2 * End, new Instant(0));
        lease.TrackUnacked(9, 9, 1);
        Assert.Equal(8, lease.AckedOf(End));
        Assert.True(lease.IsBehind(9, (2 * End) - 1));
        Assert.Null(lease.AckedOf(2 * End));
    }

    [Fact]
    public void To_begin_anew_is_no_acknowledgement_while_an_earlier_lease_runs()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 0);
        lease.Connect(null!, has: 0, position: 7, now: 1);
        Assert.True(lease.IsBehind(5, 2));
        Assert.Equal(4, lease.AckedOf(2));
        lease.Acknowledge(7);
        Assert.Null(lease.AckedOf(2));
    }

    [Fact]
    public void After_its_lease_a_grant_lacks_nothing_from_before_the_place_that_it_names()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 0);
        lease.Connect(null!, has: 0, position: 7, now: End);
        lease.Extend(2 * End, new Instant(0));
        Assert.Null(lease.AckedOf(End));
        Assert.Equal(7, lease.AppliedOf(7));
    }

    [Fact]
    public void What_it_says_to_have_applied_counts_and_never_less_than_what_it_acknowledged()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 6, 0);
        lease.Connect(null!, has: 5, position: 7, now: 1);
        Assert.Equal(5, lease.AckedOf(2));
        lease.Connect(null!, has: 2, position: 8, now: 3);
        Assert.Equal(5, lease.AckedOf(4));
    }

    [Fact]
    public void However_many_events_it_does_not_acknowledge_the_oldest_is_known_and_the_last_is_waited_for()
    {
        lease.Extend(End, new Instant(0));
        for (var i = 0; i < 10_000; i++)
        {
            lease.TrackUnacked(5 + i, 5 + i, i);
            lease.Extend(End + i, new Instant(0));
        }

        Assert.Equal(4, lease.AppliedOf(20_000));
        Assert.True(lease.IsBehind(10_004, End - 1));
        lease.Acknowledge(10_004);
        Assert.Null(lease.AckedOf(0));
    }

    [Fact]
    public void A_wait_is_charged_for_what_it_is_longer_than_an_acknowledgement_takes_and_overlapping_waits_once()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 0);
        lease.Charge(Allowance, Allowance);
        Assert.Equal(0, stall.StallMicroseconds(Allowance));
        lease.Charge(Allowance + 1, Allowance);
        Assert.Equal(1, stall.StallMicroseconds(Allowance + 1));
        lease.TrackUnacked(6, 6, Allowance);
        lease.Charge(End + 1, Allowance);
        lease.Charge(End + 2, Allowance);
        Assert.Equal(End - Allowance, stall.StallMicroseconds(End + 2));
    }

    [Fact]
    public void To_connect_again_and_again_does_not_begin_the_charge_anew()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 0);
        for (var now = 100_000; now <= 1_000_000; now += 100_000)
        {
            lease.Charge(now, Allowance);
            lease.Connect(null!, has: 0, position: 5, now);
        }

        Assert.Equal(1_000_000 - Allowance, stall.StallMicroseconds(1_000_000));
    }

    [Fact]
    public void A_time_in_which_the_node_stood_still_is_not_charged()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 0);
        lease.Excuse(50_000, 350_000);
        lease.Charge(450_000, Allowance);
        Assert.Equal(50_000, stall.StallMicroseconds(450_000));
    }

    [Fact]
    public void A_standstill_in_the_middle_of_a_wait_is_not_charged_however_long_the_wait_was_before()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 0);
        lease.Charge(600_000, Allowance);
        lease.Excuse(600_000, 1_100_000);
        lease.Charge(1_200_000, Allowance);
        Assert.Equal(600_000, stall.StallMicroseconds(1_200_000));
        // Nor does it come back with another connection.
        lease.Connect(null!, has: 0, position: 5, 1_200_000);
        lease.Charge(1_300_000, Allowance);
        Assert.Equal(700_000, stall.StallMicroseconds(1_300_000));
    }

    [Fact]
    public void What_was_sent_in_a_standstill_is_excused_for_its_own_part_of_it()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 240_000);
        lease.Excuse(0, 260_000);
        Assert.Equal(260_000, lease.OldestUnackedSince);
        lease.Charge(260_000 + Allowance + 1, Allowance);
        Assert.Equal(1, stall.StallMicroseconds(260_000 + Allowance + 1));
    }

    [Fact]
    public void What_the_node_itself_delays_is_not_charged()
    {
        lease.Extend(End, new Instant(0));
        lease.TrackUnacked(5, 5, 0, isCharged: false);
        lease.Charge(End, Allowance);
        Assert.Equal(0, stall.StallMicroseconds(End));
    }
}
