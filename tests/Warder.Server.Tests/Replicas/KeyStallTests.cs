using Warder.Engine.Replicas.Leases;


namespace Warder.Server.Tests.Replicas;

/// <summary>What a management key is charged with, and when it is barred. Times are microseconds.</summary>
public sealed class KeyStallTests
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private const long Budget = 2_200_000;

    private readonly KeyStall stall = new("mgmt_key_a", 1);

    [Fact]
    public void The_charge_is_the_union_over_replicas_and_nodes_within_the_last_minute()
    {
        stall.Add(0, Second);
        stall.Add(Second / 2, 2 * Second);
        stall.Add(5 * Second, 6 * Second);
        stall.TakeOthers([(Second, 3 * Second), (5 * Second, 5 * Second + 1)]);
        Assert.Equal(4 * Second, stall.StallMicroseconds(10 * Second));
        Assert.Equal(2 * Second, stall.StallMicroseconds(Minute + (2 * Second)));
        Assert.Equal(0, stall.StallMicroseconds(2 * Minute));
    }

    [Fact]
    public void The_budget_itself_bars_nobody_and_more_does()
    {
        stall.Add(0, Budget);
        Assert.False(stall.TryBar(Budget, Budget));
        stall.Add(0, Budget + 1);
        Assert.True(stall.TryBar(Budget + 1, Budget));
        Assert.False(stall.TryBar(Budget + 2, Budget));
    }

    [Fact]
    public void The_back_off_doubles_from_a_minute_to_an_hour_and_begins_anew_after_an_hour_without_a_bar()
    {
        var now = Minute;
        foreach (var minutes in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            stall.Add(now, now + (3 * Second));
            now += 3 * Second;
            Assert.True(stall.TryBar(now, Budget));
            Assert.Equal(minutes * Minute, stall.BarredUntilMicroseconds - now);
            now = stall.BarredUntilMicroseconds;
            Assert.False(stall.TryBar(now, Budget));
        }

        now += 60 * Minute;
        stall.Add(now, now + (3 * Second));
        Assert.True(stall.TryBar(now + (3 * Second), Budget));
        Assert.Equal(Minute, stall.BackOffMicroseconds);
    }

    [Fact]
    public void What_ran_on_while_it_was_barred_is_not_held_against_it_afterwards()
    {
        stall.Add(0, 3 * Second);
        Assert.True(stall.TryBar(3 * Second, Budget));
        stall.Add(3 * Second, 5 * Second);
        var end = stall.BarredUntilMicroseconds;
        Assert.Equal(0, stall.StallMicroseconds(end));
        Assert.False(stall.TryBar(end, 1));
    }

    [Fact]
    public void A_bar_that_another_node_has_set_counts_and_its_own_does_not_come_back_as_a_longer_one()
    {
        stall.TakeBar(Minute, Minute);
        Assert.Equal(Minute, stall.BarredUntilMicroseconds);
        stall.TakeBar(Minute + Second, Minute);
        Assert.Equal(Minute, stall.BarredUntilMicroseconds);
    }
}
