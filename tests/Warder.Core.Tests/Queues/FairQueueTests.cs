using Warder.Core.Queues;

namespace Warder.Core.Tests.Queues;

public sealed class FairQueueTests
{
    private static readonly FairShares Wide = new(1_000, 1_000, 1_000);

    [Fact]
    public void Environments_take_turns_and_so_do_the_keys_of_each()
    {
        var queue = new FairQueue<string>(Wide);
        foreach (var name in (string[])["1a1", "1a2", "1a3", "1b1", "2a1", "2a2"])
            Assert.True(queue.TryAdd(name[0] - '0', name[1..2], name));
        Assert.Equal(["1a1", "2a1", "1b1", "2a2", "1a2", "1a3"], Drain(queue));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Each_key_each_environment_and_all_together_have_a_bound_of_their_own()
    {
        var queue = new FairQueue<int>(new FairShares(5, 3, 2));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(i => queue.TryAdd(1, "a", i)));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(i => queue.TryAdd(1, "b", i)));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(i => queue.TryAdd(2, "a", i)));
        Assert.False(queue.TryAdd(3, "a", 0));
        Assert.True(queue.TryTake(out _));
        Assert.True(queue.TryAdd(3, "a", 0));
    }

    [Fact]
    public void What_runs_of_a_key_or_an_environment_is_bounded_and_leaves_the_rest_to_others()
    {
        var queue = new FairQueue<string>(Wide with { RunningOfEnvironment = 3, RunningOfKey = 2 });
        foreach (var name in (string[])["1a1", "1a2", "1a3", "1b1", "1b2", "2a1"])
            queue.TryAdd(name[0] - '0', name[1..2], name);
        Assert.Equal(["1a1", "2a1", "1b1", "1a2"], Drain(queue));
        queue.Done(1, "b");
        // The key "a" has two running.
        Assert.Equal(["1b2"], Drain(queue));
        queue.Done(1, "a");
        Assert.Equal(["1a3"], Drain(queue));
    }

    [Fact]
    public void Under_any_history_items_of_a_key_stay_in_order_none_is_lost_and_nobody_waits_for_more_than_a_turn_of_each()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var queue = new FairQueue<(int Environment, int Key, int Number)>(
                new FairShares(60, 30, 20) with { RunningOfEnvironment = int.MaxValue });
            var (added, taken) = (new List<(int, int, int)>(), new List<(int, int, int)>());
            for (var step = 0; step < 300; step++)
            {
                var item = (random.Next(4), random.Next(3), step);
                if (random.Next(5) < 3 && queue.TryAdd(item.Item1, "k" + item.Item2, item))
                    added.Add(item);
                else if (queue.TryTake(out var next))
                    taken.Add(next);
                Assert.Equal(added.Count - taken.Count, queue.Count);
            }

            while (queue.TryTake(out var next))
                taken.Add(next);
            Assert.Equal(added.Order(), taken.Order());
            foreach (var line in taken.GroupBy(static item => (item.Item1, item.Item2)))
                Assert.Equal(line.Order(), line);
        }
    }

    private static List<T> Drain<T>(FairQueue<T> queue)
    {
        var taken = new List<T>();
        while (queue.TryTake(out var item))
            taken.Add(item);
        return taken;
    }
}
