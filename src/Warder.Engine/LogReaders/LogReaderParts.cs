using Microsoft.Extensions.Logging;
using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Engine.LogReaders;

/// <summary>The services that the readers of a node use.</summary>
/// <param name="NodeId">The node: <c>node_…</c>.</param>
/// <param name="Store">The database.</param>
/// <param name="Journal">The writer.</param>
/// <param name="Clock">The clock for the times of problems.</param>
/// <param name="Head">Returns the last event that this node knows, without I/O.</param>
/// <param name="Pace">The times between steps.</param>
/// <param name="Logger">The logger of failures.</param>
internal sealed record LogReaderParts(
    string NodeId, Store Store, Journal Journal, Clock Clock, Func<long> Head, LogReaderPace Pace, ILogger Logger);

/// <summary>The intervals of readers of the log.</summary>
internal sealed record LogReaderPace
{
    /// <summary>The time without a renewal after which another node may take a reader.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two renewals of an idle owner, or of one that handles events for long.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The time between two checks by a node that is not the owner.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The time between two checks, in memory, for new events.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The time before the first retry after a failure; each failure in a row doubles it.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest time before a retry.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromMinutes(1);
}
