using Warder.Client.Transport;

namespace Warder.Client.Tests.Transport;

public sealed class RetryScheduleTests
{
    private static readonly TimeSpan Plenty = TimeSpan.FromMinutes(10);

    [Fact]
    public void Pauses_double_up_to_a_bound()
    {
        var pauses = Enumerable.Range(1, 9).Select(
            attempts => RetrySchedule.PauseAfter(attempts, 10, null, Plenty, jitter: 1)!.Value.TotalMilliseconds);
        Assert.Equal([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000], pauses);
    }

    [Fact]
    public void Jitter_spreads_a_pause_from_nothing_to_all_of_it()
    {
        Assert.Equal(TimeSpan.Zero, RetrySchedule.PauseAfter(1, 4, null, Plenty, jitter: 0));
        Assert.Equal(TimeSpan.FromMilliseconds(50), RetrySchedule.PauseAfter(1, 4, null, Plenty, jitter: 0.5));
    }

    [Fact]
    public void The_servers_wish_is_the_least_that_is_waited()
        => Assert.Equal(TimeSpan.FromSeconds(7), RetrySchedule.PauseAfter(1, 4, TimeSpan.FromSeconds(7), Plenty, jitter: 0));

    [Fact]
    public void There_is_no_pause_after_the_last_attempt_nor_one_that_outlasts_the_call()
    {
        Assert.Null(RetrySchedule.PauseAfter(4, 4, null, Plenty, jitter: 0));
        Assert.Null(RetrySchedule.PauseAfter(1, 4, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), jitter: 0));
    }
}
