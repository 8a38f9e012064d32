using Warder.Server.Hosting;
using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Server.Nodes;

/// <summary>
/// Brings the log into this node's memory: its own batches as they are committed, everybody's as they are read, each event once and in the log's order.
/// </summary>
/// <remarks>Thread-safe: the journal's writer, the keeper of the lease and the thread that waits for news all bring events.</remarks>
internal sealed class Follower(Node node)
{
    // A node that is further behind begins anew, with an empty cache: that is quicker than reading what it missed.
    private const int MaxBehind = 20_000;

    private readonly Lock gate = new();
    private LogPosition position = new(0, []);
    private bool begun;

    /// <summary>How far memory has followed.</summary>
    public LogPosition Position
    {
        get
        {
            lock (gate)
                return position;
        }
    }

    /// <summary>Whether memory follows the log, from wherever it began.</summary>
    public bool HasBegun
    {
        get
        {
            lock (gate)
                return begun;
        }
    }

    /// <summary>Begins anew at a place in the log, or where memory is by now: forgets everything, and keeps nothing that was read before.</summary>
    /// <exception cref="StorageException">Who may manage cannot be read.</exception>
    public void Begin(LogPosition at, Session? session = null)
    {
        lock (gate)
        {
            if (!begun || at.Sequence > position.Sequence)
                position = at;
            begun = true;
            node.BeginAt(position);
        }

        node.Reload(session);
    }

    /// <summary>Takes a batch of this node's own. False when others committed before it and that was not read yet: then it comes with theirs.</summary>
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

    /// <summary>Reads what is new and takes it. False when that cannot be done event by event: the log is too far ahead, or has a hole.</summary>
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

    // The replicas are told when this memory has it: what they read through this node is then never older.
    private void Apply(IReadOnlyList<LogEvent> events, LogPosition head)
    {
        foreach (var each in events)
            node.Cache.Apply(each.Sequence, each.Effects);
        position = head;
        node.ReplicaLeases.Publish(events, head);
    }

    // Who may manage and which environments there are is read whole. That is done before the events count as applied, so it can only be early.
    private void Prepare(IReadOnlyList<LogEvent> events, Session? session)
    {
        if (events.Any(static each => each.ConcernsManagement))
            node.Reload(session);
    }
}
