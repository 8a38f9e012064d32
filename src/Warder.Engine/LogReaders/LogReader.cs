using Warder.Storage;
using Warder.Storage.Events;

namespace Warder.Engine.LogReaders;

/// <summary>
/// Handles the events of the log, in its order and none left out. One node runs a reader at a time. After a failure or a crash the events
/// behind the cursor come again: a reader handles each at least once.
/// </summary>
/// <remarks>
/// Where two nodes differ about who runs a reader, both may handle the same events for the length of one lease. What must happen once is
/// written by <see cref="Write"/>, in the transaction that moves the cursor.
/// </remarks>
internal abstract class LogReader
{
    /// <summary>The reader's name: lower-case letters and underscores, at most 64, never used for another reader.</summary>
    public abstract string Name { get; }

    /// <summary>How many events it is given at a time, at most.</summary>
    public virtual int MostEvents => 500;

    /// <summary>Whether a reader that is new begins with the first event of the log; otherwise with the next event.</summary>
    public virtual bool BeginsAtStart => true;

    /// <summary>
    /// Handles events. A reader that takes its time holds up itself alone: it is given no more until the task has ended.
    /// </summary>
    /// <param name="events">At least one.</param>
    /// <param name="cancellation">Ends when the node stops, or another node runs the reader.</param>
    /// <exception cref="Exception">The events come again after a while. The message is shown to operators.</exception>
    public abstract Task HandleAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancellation);

    /// <summary>Writes the reader's own rows about events that it has handled, in the transaction that moves its cursor.</summary>
    public virtual void Write(Session session, IReadOnlyList<LoggedEvent> events)
    {
    }
}
