using Warder.Contracts;
using Warder.Contracts.Health;
using Warder.Core.Faults;
using Warder.Core.Verification;
using Warder.Engine.Background;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Engine.Nodes;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.LogReaders;

namespace Warder.Server.Health;

/// <summary>Reports the health of a node in detail.</summary>
internal sealed class NodeHealth(NodeIdentity identity, Availability availability, KeyCache cache, BackgroundHost background)
{
    /// <summary>Answers with the report.</summary>
    public Task<Result<Answer>> Show(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        var (head, readers) = call.ReadSnapshot(static session => (Log.Head(session).Sequence, LogReaderTable.All(session)));
        var report = new HealthReport
        {
            NodeId = identity.Id,
            Ready = availability.Refusal is null,
            LogSequence = head,
            AppliedSequence = cache.Applied,
            LogReaders = readers.ConvertAll(row => new LogReaderHealth
            {
                Name = row.Name,
                NodeId = row.Owner,
                Sequence = row.Sequence,
                Lag = Math.Max(0, head - row.Sequence),
                Problem = row.Problem,
                ProblemAt = row.ProblemAt is { } at ? KeyShapes.Time(at) : null,
            }),
            BackgroundWork = [.. background.Works.Select(static work => Of(work))],
        };
        return Task.FromResult<Result<Answer>>(Answer.Ok(report, WarderJson.Wire.HealthReport));
    }

    private static BackgroundWorkHealth Of(BackgroundWork work)
    {
        // The status is read once: a round may end meanwhile.
        var status = work.Status;
        return new BackgroundWorkHealth
        {
            Name = work.Name,
            LastRunAt = status.LastRunAt is { } ranAt ? KeyShapes.Time(ranAt) : null,
            Backlog = work.Backlog,
            Problem = status.Problem,
            ProblemAt = status.ProblemAt is { } at ? KeyShapes.Time(at) : null,
        };
    }
}
