using Warder.Storage;

namespace Warder.Engine.Hosting;

/// <summary>
/// Coalesces refreshes: each caller gets a refresh that started after its call, and callers that wait at the same time share one. Refreshes
/// run one at a time, so that an older result never replaces a newer one, and a caller waits for at most two.
/// </summary>
/// <remarks>Thread-safe. It has at most one thread of its own, while refreshes run that asynchronous callers wait for.</remarks>
internal sealed class CoalescedRefresh
{
    private readonly Lock gate = new();
    // The refresh that has not begun, and for which callers wait.
    private Refresh? next;
    private bool isRunning;

    /// <summary>Returns when a refresh that started after this call has ended.</summary>
    /// <param name="read">Runs the refresh, on the calling thread if no other refresh runs.</param>
    /// <exception cref="StorageException">The refresh failed.</exception>
    public void Run(Action read)
    {
        if (Join(read, mayRunHere: true) is not { } mine)
        {
            RunOne(read);
            return;
        }

        mine.Outcome.Wait();
        ThrowIfFailed(mine);
    }

    /// <summary>Returns when a refresh that started after this call has ended. The calling thread does not wait for it.</summary>
    /// <param name="read">Runs the refresh, if no other caller does.</param>
    /// <exception cref="StorageException">The refresh failed.</exception>
    public async Task RunAsync(Action read)
    {
        var mine = Join(read, mayRunHere: false)!;
        await mine.Outcome;
        ThrowIfFailed(mine);
    }

    // Null: no refresh runs, and the caller is to run one.
    private Refresh? Join(Action read, bool mayRunHere)
    {
        lock (gate)
        {
            if (!isRunning && mayRunHere)
            {
                isRunning = true;
                return null;
            }

            next ??= new Refresh(read);
            var joined = next;
            if (!isRunning)
            {
                isRunning = true;
                RunOnThread();
            }

            return joined;
        }
    }

    private void RunOne(Action read)
    {
        try
        {
            read();
        }
        finally
        {
            lock (gate)
            {
                isRunning = next is not null;
                if (isRunning)
                    RunOnThread();
            }
        }
    }

    private void RunOnThread() => new Thread(RunWaiting) { IsBackground = true, Name = "refresh" }.Start();

    private void RunWaiting()
    {
        while (true)
        {
            Refresh refresh;
            lock (gate)
            {
                if (next is null)
                {
                    isRunning = false;
                    return;
                }

                (refresh, next) = (next, null);
            }

            refresh.Run();
        }
    }

    // Each caller gets an exception of its own: a shared one would have the stack of another's.
    private static void ThrowIfFailed(Refresh refresh)
    {
        if (refresh.Outcome.Result is { } failure)
            throw new StorageException((failure as StorageException)?.Kind ?? StorageFaultKind.Unavailable, failure.Message, failure);
    }

    private sealed class Refresh(Action read)
    {
        private readonly TaskCompletionSource<Exception?> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes with the failure, or with null.</summary>
        public Task<Exception?> Outcome => outcome.Task;

        public void Run()
        {
            try
            {
                read();
                outcome.SetResult(null);
            }
            catch (Exception e)
            {
                outcome.SetResult(e);
            }
        }
    }
}
