using Warder.Storage;
using Warder.Storage.Events;

namespace Warder.Engine.LogReaders;

/// <summary>
/// Handles all events of the log, in its order. One node runs a reader at a time. After a failure or a crash the events behind the cursor
/// are repeated: a reader handles each at least once.
/// </summary>
/// <remarks>
/// During a change of the owner, two nodes may handle the same events for the length of one lease. A row that must be written once is
/// written by <see cref="Write"/>, in the transaction that moves the cursor.
/// </remarks>
internal abstract class LogReader
{
    /// <summary>The reader's name: lower-case letters and underscores, at most 64, never used for another reader.</summary>
    public abstract string Name { get; }

    /// <summary>The most events that the reader gets at a time.</summary>
    public virtual int MostEvents => 500;

    /// <summary>Whether a new reader begins with the first event of the log; otherwise with the next event.</summary>
    public virtual bool BeginsAtStart => true;

    /// <summary>
    /// Handles events. A slow reader delays no other reader: it gets no further events until the task has ended.
    /// </summary>
    /// <param name="events">At least one event.</param>
    /// <param name="cancellation">Cancelled when the node stops, or another node runs the reader.</param>
    /// <exception cref="Exception">The events are repeated after a pause. The message is shown to operators.</exception>
    public abstract Task HandleAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancellation);

    /// <summary>Writes the reader's own rows about events that it has handled, in the transaction that moves its cursor.</summary>
    public virtual void Write(Session session, IReadOnlyList<LoggedEvent> events)
    {
    }
}
