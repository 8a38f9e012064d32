using Microsoft.Extensions.DependencyInjection;
using Warder.Contracts;
using Warder.Contracts.Health;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.LogReaders;

namespace Warder.Server.Health;

/// <summary>
/// The routes of health: liveness and readiness need no key, and cost no I/O. The details need a right.
/// </summary>
internal static class HealthRoutes
{
    private static readonly byte[] Live = "{\"status\":\"live\"}"u8.ToArray();
    private static readonly byte[] Ready = "{\"status\":\"ready\"}"u8.ToArray();
    private static readonly byte[] Unavailable = "{\"status\":\"unavailable\"}"u8.ToArray();

    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Get<HealthReport>("/health", Rights.EnvironmentsRead, "Show how this node is, and how far the readers of the log are", Show),
        Route.ForEverybody("/health/live", "Whether the process lives", static _ => static http => Refusals.Respond(http, 200, Live)),
        Route.ForEverybody("/health/ready", "Whether this node can answer: 200, or 503", static services =>
        {
            var readiness = services.GetRequiredService<Readiness>();
            return http => readiness.IsReady ? Refusals.Respond(http, 200, Ready) : Refusals.Respond(http, 503, Unavailable);
        }),
    ];

    private static Task<Result<Answer>> Show(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        var (head, readers) = call.Node.Store.ReadSnapshot(static session => (Log.Head(session).Sequence, LogReaderTable.All(session)));
        var report = new HealthReport
        {
            NodeId = call.Node.Id,
            Ready = call.Node.Lease.IsHeld || call.Node.Refusal is null,
            LogSequence = head,
            AppliedSequence = call.Node.Cache.Applied,
            LogReaders = readers.ConvertAll(row => new LogReaderHealth
            {
                Name = row.Name,
                NodeId = row.Owner,
                Sequence = row.Sequence,
                Lag = Math.Max(0, head - row.Sequence),
                Problem = row.Problem,
                ProblemAt = row.ProblemAt is { } at ? KeyShapes.Time(at) : null,
            }),
        };
        return Task.FromResult<Result<Answer>>(Answer.Ok(report, WarderJson.Wire.HealthReport));
    }
}
