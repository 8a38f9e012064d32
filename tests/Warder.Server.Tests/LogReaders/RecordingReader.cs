using System.Collections.Concurrent;
using Warder.Engine.LogReaders;
using Warder.Storage;
using Warder.Storage.Events;

namespace Warder.Server.Tests.LogReaders;

/// <summary>Notes what it is given, and does what a test says.</summary>
internal sealed class RecordingReader(string name, Func<IReadOnlyList<LoggedEvent>, CancellationToken, Task>? handle = null) : LogReader
{
    private readonly ConcurrentQueue<long> handled = new();

    public override string Name => name;

    public override int MostEvents => 7;

    /// <summary>The sequences that it has handled, in the order of handling.</summary>
    public List<long> Handled => [.. handled];

    /// <summary>Thrown by the transaction that moves the cursor.</summary>
    public Exception? WriteFailure { get; set; }

    public override async Task HandleAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancellation)
    {
        Assert.InRange(events.Count, 1, MostEvents);
        if (handle is not null)
            await handle(events, cancellation);
        foreach (var each in events)
            handled.Enqueue(each.Sequence);
    }

    public override void Write(Session session, IReadOnlyList<LoggedEvent> events)
    {
        if (WriteFailure is not null)
            throw WriteFailure;
    }
}
