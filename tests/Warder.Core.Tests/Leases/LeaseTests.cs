using Warder.Core.Leases;
using Warder.Core.Time;

namespace Warder.Core.Tests.Leases;

public sealed class LeaseTests
{
    private const long Minute = 60_000_000;

    [Fact]
    public void It_is_not_held_before_it_was_granted() => Assert.False(new Lease().IsHeld);

    [Fact]
    public void It_is_over_when_its_time_is_without_anybody_telling()
    {
        var lease = new Lease();
        var end = Clock.BootMicroseconds() + 2_000;
        lease.Extend(end);
        while (lease.IsHeld)
            Thread.SpinWait(10);
        Assert.True(Clock.BootMicroseconds() >= end);
        Assert.True(lease.RemainingMicroseconds <= 0);
    }

    [Fact]
    public void By_a_time_it_is_held_before_its_end_and_not_at_it()
    {
        var lease = new Lease();
        lease.Extend(Minute);
        Assert.True(lease.IsHeldAt(Minute - 1));
        Assert.False(lease.IsHeldAt(Minute));
        Assert.True(Lease.Permanent.IsHeldAt(Minute));
    }

    [Fact]
    public void A_replicas_time_is_over_before_its_nodes_on_clocks_that_drift_by_up_to_a_tenth()
    {
        const double slowest = 0.9, fastest = 1.1;
        Assert.True(LeaseTerms.GrantMicroseconds(Minute) / slowest <= Minute / fastest);
    }

    [Fact]
    public void A_grant_that_comes_late_takes_nothing_away()
    {
        var lease = new Lease();
        lease.Extend(Clock.BootMicroseconds() + Minute);
        lease.Extend(Clock.BootMicroseconds() - Minute);
        Assert.True(lease.IsHeld);
    }

    [Fact]
    public void One_that_was_given_up_is_not_held_and_can_be_granted_again()
    {
        var lease = new Lease();
        lease.Extend(Clock.BootMicroseconds() + Minute);
        lease.Drop();
        Assert.False(lease.IsHeld);
        lease.Extend(Clock.BootMicroseconds() + Minute);
        Assert.True(lease.IsHeld);
    }

    [Fact]
    public void The_permanent_one_is_held() => Assert.True(Lease.Permanent is { IsHeld: true, IsPermanent: true });

    // In either direction: measured on a true clock.
    [Theory]
    [InlineData(LeaseTerms.LeastMilliseconds)]
    [InlineData(LeaseTerms.DefaultMilliseconds)]
    [InlineData(LeaseTerms.MostMilliseconds)]
    public void The_holders_time_is_over_before_the_waiters_on_clocks_that_drift_by_up_to_a_tenth(int milliseconds)
    {
        var terms = new LeaseTerms(milliseconds);
        for (var holderPercent = 90; holderPercent <= 110; holderPercent++)
        {
            for (var waiterPercent = 90; waiterPercent <= 110; waiterPercent++)
                Assert.True(terms.HolderMicroseconds * waiterPercent <= terms.WaiterMicroseconds * holderPercent);
        }
    }

    [Fact]
    public void The_clock_of_holders_is_not_behind_the_clock_of_waiters()
    {
        // Both count from the machine's start; one goes on while the machine is suspended, the other does not.
        var waiters = Clock.MonotonicMicroseconds();
        Assert.True(Clock.BootMicroseconds() >= waiters);
    }

    [Fact]
    public void A_check_allocates_nothing()
    {
        var lease = new Lease();
        lease.Extend(Clock.BootMicroseconds() + Minute);
        var held = lease.IsHeld;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            held &= lease.IsHeld;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(held);
    }
}
