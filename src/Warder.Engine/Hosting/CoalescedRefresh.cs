using System.Data.Common;
using System.Runtime.ExceptionServices;
using Warder.Storage;

namespace Warder.Engine.Hosting;

/// <summary>
/// Coalesces refreshes: each caller gets a refresh that started after its call, and callers that wait at the same time share one. Refreshes
/// run one at a time, so that an older result never replaces a newer one, and a caller waits for at most two.
/// </summary>
/// <remarks>
/// Thread-safe. It has a thread of its own from the start, so that a process which can start no further thread still refreshes.
/// </remarks>
internal sealed class CoalescedRefresh : IDisposable
{
    private readonly object gate = new();
    private readonly Thread thread;
    // The refresh that has not begun, and for which callers wait.
    private Refresh? next;
    private bool isRunning;
    private bool isOver;

    /// <summary>Creates it, and starts its thread.</summary>
    public CoalescedRefresh()
    {
        thread = new Thread(RunWaiting) { IsBackground = true, Name = "refresh" };
        thread.Start();
    }

    /// <summary>Returns when a refresh that started after this call has ended.</summary>
    /// <param name="read">Runs the refresh, on the calling thread if no other refresh runs.</param>
    /// <exception cref="StorageException">The refresh failed.</exception>
    public void Run(Action read)
    {
        Refresh? joined = null;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isOver, this);
            if (isRunning || next is not null)
                joined = next ??= new Refresh(read);
            else
                isRunning = true;
        }

        if (joined is not null)
        {
            joined.Outcome.Wait();
            ThrowIfFailed(joined);
            return;
        }

        try
        {
            read();
        }
        finally
        {
            EndRunning();
        }
    }

    /// <summary>Returns when a refresh that started after this call has ended. The calling thread does not wait for it.</summary>
    /// <param name="read">Runs the refresh, if no other caller does.</param>
    /// <exception cref="StorageException">The refresh failed.</exception>
    public async Task RunAsync(Action read)
    {
        Refresh joined;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isOver, this);
            joined = next ??= new Refresh(read);
            Monitor.PulseAll(gate);
        }

        await joined.Outcome;
        ThrowIfFailed(joined);
    }

    /// <summary>Waits for the refresh that runs, and fails the callers that wait for another.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            Monitor.PulseAll(gate);
        }

        thread.Join();
        Interlocked.Exchange(ref next, null)?.Fail(new StorageException(StorageFaultKind.Unavailable, "This node is stopping."));
    }

    private void EndRunning()
    {
        lock (gate)
        {
            isRunning = false;
            Monitor.PulseAll(gate);
        }
    }

    private void RunWaiting()
    {
        while (true)
        {
            Refresh refresh;
            lock (gate)
            {
                while (isRunning || (next is null && !isOver))
                    Monitor.Wait(gate);
                if (isOver)
                    return;
                (refresh, next, isRunning) = (next!, null, true);
            }

            refresh.Run();
            EndRunning();
        }
    }

    // Each caller gets an exception of its own: a shared one would have the stack of another's. A failure that is not the store's is a
    // fault of the program, and is passed on as it is.
    private static void ThrowIfFailed(Refresh refresh)
    {
        switch (refresh.Outcome.Result)
        {
            case StorageException failure:
                throw new StorageException(failure.Kind, failure.Message, failure);
            case DbException failure:
                throw new StorageException(StorageFaultKind.Unavailable, failure.Message, failure);
            case { } failure:
                ExceptionDispatchInfo.Throw(failure);
                break;
        }
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

        public void Fail(Exception failure) => outcome.SetResult(failure);
    }
}
