using Warder.Core.Time;

namespace Warder.Core.Tests.Time;

/// <summary>The clock goes on from its latest value when the wall clock is set back, and never below its floor.</summary>
public sealed class ClockTests
{
    private const long Year = 365L * 24 * 3_600_000;
    private static readonly long Start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    [Fact]
    public void A_clock_that_is_set_back_goes_on_at_the_rate_of_the_monotonic_clock()
    {
        var wall = Start;
        var clock = new Clock(() => wall);
        var before = clock.Now();
        wall -= Year;
        Assert.Equal(Year, clock.MillisecondsBehind);
        Assert.True(clock.Now() >= before);
        Thread.Sleep(60);
        var later = clock.Now().UnixMilliseconds - before.UnixMilliseconds;
        Assert.InRange(later, 50, 30_000);
        wall += Year + 3_600_000;
        Assert.Equal(wall, clock.Now().UnixMilliseconds);
        Assert.Equal(0, clock.MillisecondsBehind);
    }

    [Fact]
    public void No_time_is_below_the_floor()
    {
        var wall = Start;
        var clock = new Clock(() => wall);
        clock.RaiseFloor(new Instant(Start - 1));
        Assert.Equal(Start, clock.Now().UnixMilliseconds);
        clock.RaiseFloor(new Instant(Start + Year));
        Assert.InRange(clock.Now().UnixMilliseconds, Start + Year, Start + Year + 30_000);
        clock.RaiseFloor(new Instant(Start));
        Assert.True(clock.Now().UnixMilliseconds >= Start + Year);
    }
}
