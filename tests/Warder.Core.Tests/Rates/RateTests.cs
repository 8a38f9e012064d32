using Warder.Core.Rates;

namespace Warder.Core.Tests.Rates;

public sealed class RateTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void A_burst_is_taken_at_once_and_then_the_rate()
    {
        var rate = new Rate(10, 5);
        long state = 0;
        var now = 100 * Second;
        Assert.Equal(5, Enumerable.Range(0, 20).Count(_ => rate.Take(ref state, now) == 0));
        Assert.Equal(Second / 10, rate.Take(ref state, now));
        Assert.Equal(1, rate.Take(ref state, now + (Second / 10) - 1));
        Assert.Equal(0, rate.Take(ref state, now + (Second / 10)));
        Assert.NotEqual(0, rate.Take(ref state, now + (Second / 10)));
    }

    [Fact]
    public void Over_any_time_no_more_are_taken_than_the_rate_and_one_burst()
    {
        var rate = new Rate(7, 3);
        long state = 0;
        var taken = 0;
        for (long now = Second; now < 11 * Second; now += 1_000)
            taken += rate.Take(ref state, now) == 0 ? 1 : 0;
        Assert.InRange(taken, 70, 73);
    }

    [Fact]
    public async Task Many_threads_take_no_more_than_one_would()
    {
        var table = new RateTable<int>(new Rate(1, 1_000), 10);
        var taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                if (table.Take(1, Second) == 0)
                    Interlocked.Increment(ref taken);
            }
        })));
        Assert.Equal(1_000, taken);
    }

    [Fact]
    public void A_refusal_takes_nothing_and_a_question_neither()
    {
        var table = new RateTable<string>(new Rate(1, 1), 10);
        Assert.Equal(0, table.WaitFor("a", Second));
        Assert.Equal(0, table.Count);
        Assert.Equal(0, table.Take("a", Second));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(Second, table.WaitFor("a", Second));
            Assert.Equal(Second, table.Take("a", Second));
        }

        Assert.Equal(0, table.Take("a", 2 * Second));
    }

    [Fact]
    public void A_flood_of_subjects_is_bounded_and_limited_as_one()
    {
        var table = new RateTable<int>(new Rate(1, 2), 100);
        var taken = Enumerable.Range(0, 10_000).Count(subject => table.Take(subject, Second) == 0);
        Assert.Equal(100, table.Count);
        // One each of those in memory, and the burst of the one state that the rest share.
        Assert.Equal(102, taken);
    }

    [Fact]
    public void Subjects_without_recent_requests_make_room()
    {
        var table = new RateTable<int>(new Rate(1, 2), 100);
        for (var subject = 0; subject < 100; subject++)
            Assert.Equal(0, table.Take(subject, Second));
        Assert.Equal(0, table.Take(1_000, 10 * Second));
        Assert.Equal(1, table.Count);
    }

    [Fact]
    public void What_is_in_use_is_not_forgotten_for_others()
    {
        var table = new RateTable<int>(new Rate(1, 1), 2);
        Assert.Equal(0, table.Take(1, Second));
        Assert.Equal(0, table.Take(2, Second));
        for (var other = 3; other < 100; other++)
            table.Take(other, Second);
        Assert.NotEqual(0, table.Take(1, Second));
    }
}
