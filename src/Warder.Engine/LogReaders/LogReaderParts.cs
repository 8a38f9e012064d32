using Microsoft.Extensions.Logging;
using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Journal;

namespace Warder.Engine.LogReaders;

/// <summary>Holds what the readers of a node work with.</summary>
/// <param name="NodeId">The node: <c>node_…</c>.</param>
/// <param name="Store">The database.</param>
/// <param name="Journal">The writer.</param>
/// <param name="Clock">The time that problems are noted with.</param>
/// <param name="Head">The last event that this node knows of, without I/O.</param>
/// <param name="Pace">The times between steps.</param>
/// <param name="Logger">Logs failures.</param>
internal sealed record LogReaderParts(string NodeId, Store Store, Journal Journal, Clock Clock, Func<long> Head, LogReaderPace Pace, ILogger Logger);

/// <summary>The times that readers of the log keep.</summary>
internal sealed record LogReaderPace
{
    /// <summary>After so long without a renewal another node may take a reader.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two renewals of an owner that does nothing else, or handles events for long.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Between two looks of a node that is not the owner.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two looks, in memory, for new events.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Before the first retry after a failure; each failure in a row doubles it.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest time before a retry.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromMinutes(1);
}
