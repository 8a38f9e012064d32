using Warder.Storage;

namespace Warder.Engine.Hosting;

/// <summary>
/// Coalesces refreshes: each caller gets a refresh that started after its call, and callers that wait at the same time share one. Refreshes
/// run one at a time, so that an older result never replaces a newer one, and a caller waits for at most two.
/// </summary>
internal sealed class CoalescedRefresh
{
    private readonly object gate = new();
    private long begun;
    private long ended;
    private bool running;
    private StorageException? failure;

    /// <summary>Returns when a refresh that started after this call has ended.</summary>
    /// <param name="read">Runs the refresh, if no other caller does.</param>
    /// <exception cref="StorageException">The refresh failed.</exception>
    public void Run(Action read)
    {
        lock (gate)
        {
            var wanted = begun + 1;
            while (running && ended < wanted)
                Monitor.Wait(gate);
            if (ended >= wanted)
            {
                if (failure is not null)
                    throw new StorageException(failure.Kind, failure.Message, failure);
                return;
            }

            running = true;
            begun++;
        }

        StorageException? failed = null;
        try
        {
            read();
        }
        catch (Exception e)
        {
            failed = e as StorageException ?? new StorageException(StorageFaultKind.Unavailable, e.Message, e);
            throw;
        }
        finally
        {
            lock (gate)
            {
                (running, ended, failure) = (false, begun, failed);
                Monitor.PulseAll(gate);
            }
        }
    }
}
