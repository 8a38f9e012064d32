using Warder.Engine.Hosting;
using Warder.Engine.Replicas.Leases;
using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Engine.Nodes;

/// <summary>
/// Applies the log to this node's memory: its own batches at their commit, those of other nodes as they are read, each event once and in
/// the log's order.
/// </summary>
/// <remarks>Thread-safe: the journal's writer, the lease keeper and the log tailer call it.</remarks>
internal sealed class LogApplier(NodeMemory memory, ReplicaLeaseRegistry leases)
{
    // A node that is further behind starts over with an empty cache, which is faster than reading the events that it missed.
    private const int MaxBehind = 20_000;

    private readonly Lock gate = new();
    private LogPosition position = new(0, []);
    private bool begun;

    /// <summary>The position in the log up to which memory is applied.</summary>
    public LogPosition Position
    {
        get
        {
            lock (gate)
                return position;
        }
    }

    /// <summary>Whether memory follows the log.</summary>
    public bool HasBegun
    {
        get
        {
            lock (gate)
                return begun;
        }
    }

    /// <summary>
    /// Starts over at a position in the log, or at the later one of memory: empties the cache, and keeps no read from before.
    /// </summary>
    /// <exception cref="StorageException">The management keys and environments cannot be read.</exception>
    public void Begin(LogPosition at, Session? session = null)
    {
        lock (gate)
        {
            if (!begun || at.Sequence > position.Sequence)
                position = at;
            begun = true;
            memory.BeginAt(position);
        }

        memory.Reload(session);
    }

    /// <summary>Applies a batch of this node.</summary>
    /// <returns>False: other nodes committed before it, and their events are not read yet. The batch is applied with them.</returns>
    public bool Take(CommittedBatch batch)
    {
        if (batch.FirstSequence > Position.Sequence + 1)
            return false;
        var events = batch.Numbered();
        try
        {
            Prepare(events, null);
        }
        catch (StorageException)
        {
            return false;
        }

        lock (gate)
        {
            if (batch.FirstSequence != position.Sequence + 1)
                return batch.Head.Sequence <= position.Sequence;
            Apply(events, batch.Head);
        }

        return true;
    }

    /// <summary>Reads the new events and applies them.</summary>
    /// <returns>False: the log is too far ahead, or has a gap. Memory must start over.</returns>
    /// <exception cref="StorageException">The log cannot be read.</exception>
    public bool CatchUp(Session session)
    {
        var from = Position.Sequence;
        var tail = Log.Tail(session, from, MaxBehind);
        if (tail.Events.Count != tail.Head.Sequence - from)
            return false;
        Prepare(tail.Events, session);
        lock (gate)
        {
            if (tail.Head.Sequence > position.Sequence)
                Apply([.. tail.Events.Where(each => each.Sequence > position.Sequence)], tail.Head);
        }

        return true;
    }

    // Replicas get the events after this memory has applied them: a read through this node is then never older than the events that they
    // applied.
    private void Apply(IReadOnlyList<LogEvent> events, LogPosition head)
    {
        memory.Apply(events);
        position = head;
        leases.Publish(events, head);
    }

    // Management keys and environments are read as a whole, before the events count as applied: they may be newer than the events, never
    // older.
    private void Prepare(IReadOnlyList<LogEvent> events, Session? session)
    {
        if (events.Any(static each => each.ConcernsManagement))
            memory.Reload(session);
    }
}
