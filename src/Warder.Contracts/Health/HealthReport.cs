namespace Warder.Contracts.Health;

/// <summary>The health of a node, with the progress of the log readers and of the node's background work. GET <c>/health</c>.</summary>
public sealed record HealthReport
{
    /// <summary><c>health</c></summary>
    public string Object { get; init; } = "health";

    /// <summary>The node that answered: <c>node_…</c>.</summary>
    public required string NodeId { get; init; }

    /// <summary>Whether the node can answer validations and changes, as GET <c>/health/ready</c> reports.</summary>
    public required bool Ready { get; init; }

    /// <summary>The last event of the log.</summary>
    public required long LogSequence { get; init; }

    /// <summary>The last event that this node's memory has applied.</summary>
    public required long AppliedSequence { get; init; }

    /// <summary>The log readers of all nodes, by name.</summary>
    public required IReadOnlyList<LogReaderHealth> LogReaders { get; init; }

    /// <summary>The background work of this node.</summary>
    public required IReadOnlyList<BackgroundWorkHealth> BackgroundWork { get; init; }
}

/// <summary>The progress of a log reader.</summary>
public sealed record LogReaderHealth
{
    /// <summary>The reader's name.</summary>
    public required string Name { get; init; }

    /// <summary>The node that runs the reader; null while no node does.</summary>
    public required string? NodeId { get; init; }

    /// <summary>The number of the last event that the reader has handled.</summary>
    public required long Sequence { get; init; }

    /// <summary>The number of events that the reader is behind the log.</summary>
    public required long Lag { get; init; }

    /// <summary>The last failure to handle an event; null when the reader has handled an event since.</summary>
    public required string? Problem { get; init; }

    /// <summary>The time of the problem.</summary>
    public required DateTimeOffset? ProblemAt { get; init; }
}

/// <summary>The state of work that a node does by itself.</summary>
public sealed record BackgroundWorkHealth
{
    /// <summary>The name: <c>receipts</c>, <c>usage</c>, <c>stalls</c>, <c>sweeper</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The end of the last round that succeeded; null before the first.</summary>
    public required DateTimeOffset? LastRunAt { get; init; }

    /// <summary>The number of items that wait for a round; null where they are not counted.</summary>
    public required long? Backlog { get; init; }

    /// <summary>The reason why the last round failed; null when it succeeded.</summary>
    public required string? Problem { get; init; }

    /// <summary>The time of the problem.</summary>
    public required DateTimeOffset? ProblemAt { get; init; }
}

/// <summary>Whether a node can answer, and what is wrong with it. GET <c>/health/ready</c>, with a management key.</summary>
public sealed record ReadinessReport
{
    /// <summary><c>ready</c> or <c>unavailable</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The node that answered: <c>node_…</c>.</summary>
    public required string NodeId { get; init; }

    /// <summary>What is wrong; empty when nothing is.</summary>
    public required IReadOnlyList<ReadinessProblem> Problems { get; init; }
}

/// <summary>Something that is wrong with a node.</summary>
public sealed record ReadinessProblem
{
    /// <summary>
    /// The kind: <c>stopping</c>, <c>database_unavailable</c>, <c>tls_certificate</c>, <c>background_work</c>. Further kinds may follow.
    /// </summary>
    public required string Code { get; init; }

    /// <summary>The reason.</summary>
    public required string Message { get; init; }

    /// <summary>The time since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether the node is not ready because of it.</summary>
    public required bool Blocking { get; init; }
}
