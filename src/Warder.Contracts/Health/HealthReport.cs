namespace Warder.Contracts.Health;

/// <summary>How a node is, and how far the readers of the log are. GET <c>/health</c>.</summary>
public sealed record HealthReport
{
    /// <summary><c>health</c></summary>
    public string Object { get; init; } = "health";

    /// <summary>The node that answered: <c>node_…</c>.</summary>
    public required string NodeId { get; init; }

    /// <summary>Whether it can answer validations and changes: what GET <c>/health/ready</c> says.</summary>
    public required bool Ready { get; init; }

    /// <summary>The last event of the log.</summary>
    public required long LogSequence { get; init; }

    /// <summary>The last event that this node's memory has applied.</summary>
    public required long AppliedSequence { get; init; }

    /// <summary>The readers of the log, whichever node runs them, by name.</summary>
    public required IReadOnlyList<LogReaderHealth> LogReaders { get; init; }
}

/// <summary>How far a reader of the log is.</summary>
public sealed record LogReaderHealth
{
    /// <summary>The reader.</summary>
    public required string Name { get; init; }

    /// <summary>The node that runs it; null while none does.</summary>
    public required string? NodeId { get; init; }

    /// <summary>The last event that it has handled.</summary>
    public required long Sequence { get; init; }

    /// <summary>How many events it is behind the log.</summary>
    public required long Lag { get; init; }

    /// <summary>Why it could not handle the next events; null when nothing has failed since the last that it handled.</summary>
    public required string? Problem { get; init; }

    /// <summary>When that was.</summary>
    public required DateTimeOffset? ProblemAt { get; init; }
}
