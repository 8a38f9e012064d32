using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Storage;

namespace Warder.Server.Tests.Nodes;

public sealed class CoalescedRefreshTests : IDisposable
{
    private readonly CoalescedRefresh reading = new();
    private readonly ManualResetEventSlim begun = new();
    private readonly ManualResetEventSlim go = new();
    private int reads;

    [Fact]
    public async Task Who_asks_while_a_reading_runs_gets_one_that_began_afterwards_and_all_of_them_the_same()
    {
        var slow = Task.Run(() => reading.Run(Slowly), TestContext.Current.CancellationToken);
        begun.Wait(TestContext.Current.CancellationToken);
        var others = Enumerable.Range(0, 30).Select(_ => Task.Factory.StartNew(() => reading.Run(Count), TaskCreationOptions.LongRunning)).ToArray();
        SpinWait.SpinUntil(() => others.All(static each => each.Status == TaskStatus.Running || each.IsCompleted));
        Assert.DoesNotContain(others, static each => each.IsCompleted);
        go.Set();
        await slow;
        await Task.WhenAll(others);
        // The slow one, and as a rule one for all others; who came only after that had begun has another.
        Assert.InRange(reads, 2, 31);
    }

    [Fact]
    public async Task Who_shares_a_reading_that_fails_is_told_so_and_the_next_one_reads_again()
    {
        var slow = Task.Run(() => reading.Run(Slowly), TestContext.Current.CancellationToken);
        begun.Wait(TestContext.Current.CancellationToken);
        var first = Task.Factory.StartNew(() => reading.Run(static () => throw new TimeoutException("away")), TaskCreationOptions.LongRunning);
        go.Set();
        await slow;
        await Assert.ThrowsAnyAsync<Exception>(() => first);
        reading.Run(Count);
        Assert.Equal(2, reads);
        Assert.Throws<StorageException>(() => reading.Run(static () => throw new StorageException(StorageFaultKind.Unavailable, "away")));
    }

    public void Dispose()
    {
        begun.Dispose();
        go.Dispose();
    }

    private void Count() => Interlocked.Increment(ref reads);

    private void Slowly()
    {
        begun.Set();
        go.Wait();
        Count();
    }
}
