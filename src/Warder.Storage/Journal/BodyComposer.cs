using System.Collections.Concurrent;
using Warder.Core.Events;

namespace Warder.Storage.Journal;

/// <summary>
/// Composes the bodies of events on a thread of the pool while the writer's thread runs the commands after them. What no other thread has
/// begun when the writer needs it, the writer composes.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BodyComposer : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<EventBody> queue = new();
    private int running;

    /// <summary>Hands over a body.</summary>
    public void Add(EventBody body)
    {
        queue.Enqueue(body);
        if (Interlocked.Exchange(ref running, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Composes what is left, on the caller's thread. Another thread may still be at its last one.</summary>
    public void Help()
    {
        while (queue.TryDequeue(out var body))
            Compose(body);
    }

    /// <inheritdoc/>
    public void Execute()
    {
        do
        {
            Help();
            Volatile.Write(ref running, 0);
        }
        while (!queue.IsEmpty && Interlocked.Exchange(ref running, 1) == 0);
    }

    private static void Compose(EventBody body)
    {
        try
        {
            body.Compose();
        }
        catch (Exception)
        {
            // The body throws it again to the writer, which fails the command.
        }
    }
}
