using Warder.Storage;

namespace Warder.Engine.Hosting;

/// <summary>
/// Reads something again for whoever asks: one reading at a time, so that what was read later is never replaced by what was read before,
/// and one for all who asked before it began. However many ask, nobody waits for more than two.
/// </summary>
internal sealed class CoalescedRefresh
{
    private readonly object gate = new();
    private long begun;
    private long ended;
    private bool running;
    private StorageException? failure;

    /// <summary>Returns when a reading that began after this call has ended.</summary>
    /// <param name="read">How to read, should it fall to this caller.</param>
    /// <exception cref="StorageException">It cannot be read.</exception>
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
