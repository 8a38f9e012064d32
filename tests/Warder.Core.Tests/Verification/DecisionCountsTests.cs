using Warder.Core.Verification;

namespace Warder.Core.Tests.Verification;

public sealed class DecisionCountsTests
{
    [Fact]
    public void What_any_number_of_threads_count_is_all_there_while_they_live_and_when_they_have_ended()
    {
        const int threads = 8, times = 200_000;
        var (one, other) = (new DecisionCounts(), new DecisionCounts());
        using var counted = new CountdownEvent(threads);
        using var end = new ManualResetEventSlim();
        var running = Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            // Also two at a time by the same thread.
            for (var i = 0; i < times; i++)
            {
                one.Count(number % 2 == 0 ? DecisionCode.Allowed : DecisionCode.Revoked);
                if (i % 100 == 0)
                    other.Add(DecisionCode.Unavailable, 3);
            }

            counted.Signal();
            end.Wait();
        })).ToList();
        running.ForEach(static thread => thread.Start());
        long before = 0;
        while (!counted.Wait(TimeSpan.Zero))
        {
            var now = one.Read().Sum();
            Assert.InRange(now, before, (long)threads * times);
            before = now;
        }

        AssertAll();
        end.Set();
        running.ForEach(static thread => thread.Join());
        AssertAll();
        AssertAll();

        void AssertAll()
        {
            var counts = one.Read();
            Assert.Equal(
                (threads / 2 * times, threads / 2 * times), (counts[(int)DecisionCode.Allowed], counts[(int)DecisionCode.Revoked]));
            Assert.Equal(threads * times, counts.Sum());
            Assert.Equal(threads * (times / 100) * 3, other.Read()[(int)DecisionCode.Unavailable]);
        }
    }

    [Fact]
    public void Counting_allocates_nothing_but_the_place_of_a_thread()
    {
        var counts = new DecisionCounts();
        counts.Count(DecisionCode.Allowed);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            counts.Count((DecisionCode)(i % 10));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
