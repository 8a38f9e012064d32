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
    public async Task Callers_during_a_refresh_share_one_that_began_afterwards()
    {
        var slow = Task.Run(() => reading.Run(Slowly), TestContext.Current.CancellationToken);
        begun.Wait(TestContext.Current.CancellationToken);
        var others = Enumerable.Range(0, 30).Select(
            _ => Task.Factory.StartNew(() => reading.Run(Count), TaskCreationOptions.LongRunning)).ToArray();
        SpinWait.SpinUntil(() => others.All(static each => each.Status == TaskStatus.Running || each.IsCompleted));
        Assert.DoesNotContain(others, static each => each.IsCompleted);
        go.Set();
        await slow;
        await Task.WhenAll(others);
        // One slow refresh, and as a rule one for all waiting callers. A caller that arrives after the second has begun gets a third.
        Assert.InRange(reads, 2, 31);
    }

    [Fact]
    public async Task Callers_that_share_a_failed_refresh_get_its_error_and_the_next_caller_refreshes_again()
    {
        var slow = Task.Run(() => reading.Run(Slowly), TestContext.Current.CancellationToken);
        begun.Wait(TestContext.Current.CancellationToken);
        var first = Task.Factory.StartNew(
            () => reading.Run(static () => throw new TimeoutException("away")), TaskCreationOptions.LongRunning);
        go.Set();
        await slow;
        await Assert.ThrowsAnyAsync<Exception>(() => first);
        reading.Run(Count);
        Assert.Equal(2, reads);
        Assert.Throws<StorageException>(() => reading.Run(static () => throw new StorageException(StorageFaultKind.Unavailable, "away")));
    }

    [Fact]
    public async Task Callers_that_hold_no_thread_share_a_refresh_that_began_after_their_calls()
    {
        var slow = Task.Run(() => reading.Run(Slowly), TestContext.Current.CancellationToken);
        begun.Wait(TestContext.Current.CancellationToken);
        // On this thread, which none of them holds.
        var others = Enumerable.Range(0, 1_000).Select(_ => reading.RunAsync(Count)).ToArray();
        Assert.DoesNotContain(others, static each => each.IsCompleted);
        go.Set();
        await slow;
        await Task.WhenAll(others);
        Assert.Equal(2, reads);

        await reading.RunAsync(Count);
        reading.Run(Count);
        Assert.Equal(4, reads);
        var refused = await Assert.ThrowsAsync<StorageException>(
            () => reading.RunAsync(static () => throw new StorageException(StorageFaultKind.TimedOut, "full")));
        Assert.Equal(StorageFaultKind.TimedOut, refused.Kind);
        await reading.RunAsync(Count);
        Assert.Equal(5, reads);
    }

    [Fact]
    public async Task At_the_end_it_waits_for_the_refresh_that_runs_and_runs_no_other()
    {
        var slow = reading.RunAsync(Slowly);
        begun.Wait(TestContext.Current.CancellationToken);
        var waiting = reading.RunAsync(Count);
        var end = Task.Run(reading.Dispose, TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(end.IsCompleted);
        go.Set();
        await slow;
        await end;
        await Assert.ThrowsAsync<StorageException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading.RunAsync(Count));
        Assert.Equal(1, reads);
    }

    public void Dispose()
    {
        reading.Dispose();
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
