using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Nodes;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Server.Http;
using Warder.Server.Keys;
using Warder.Storage;
using Warder.Storage.Nodes;
using Contract = Warder.Contracts.Nodes.Node;

namespace Warder.Server.Nodes;

/// <summary>Shows who answers validations from memory.</summary>
internal static class ListNodes
{
    public static IReadOnlyList<Route> All { get; } =
        [Route.Get<ListPage<Contract>>("/nodes", Rights.EnvironmentsRead, "List the server nodes, and the replicas of this one", Run)];

    private static Task<Result<Answer>> Run(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        List<Contract> nodes = [.. call.Node.Peers is null ? [Only(call.Node)] : Several(call), .. Replicas(call)];
        return Task.FromResult<Result<Answer>>(Answer.Whole(nodes, WarderJson.Wire.ListPageNode));
    }

    // A node knows of the replicas that follow it, and of no others.
    private static IEnumerable<Contract> Replicas(Call call)
    {
        var now = Clock.BootMicroseconds();
        var head = call.Node.ReplicaLeases.Position.Sequence;
        return call.Node.ReplicaLeases.Replicas.Where(each => each.Replica.Environment == call.Environment).Select(each => new Contract
        {
            Kind = NodeKind.Replica,
            Id = each.Replica.Id,
            Follows = call.Node.Id,
            Name = each.Replica.Name,
            Version = null,
            Lease = now < each.Replica.BarredUntilMicroseconds ? NodeLease.Refused : now < each.Replica.UntilMicroseconds ? NodeLease.Held : NodeLease.Over,
            LeaseMilliseconds = call.Node.Options.Terms.Milliseconds,
            AppliedSequence = each.Applied,
            Lag = Math.Max(0, head - each.Applied),
            Fenced = false,
            RegisteredAt = KeyShapes.Time(each.Replica.ConnectedAt),
            RenewedAt = KeyShapes.Time(each.Replica.GrantedAt),
        });
    }

    private static Contract Only(Hosting.Node node) => new()
    {
        Kind = NodeKind.Server,
        Follows = null,
        Id = node.Id,
        Name = node.Options.Name,
        Version = node.Options.Version,
        Lease = NodeLease.Permanent,
        LeaseMilliseconds = null,
        AppliedSequence = node.Cache.Applied,
        Lag = 0,
        Fenced = false,
        RegisteredAt = KeyShapes.Time(node.StartedAt),
        RenewedAt = null,
    };

    private static List<Contract> Several(Call call)
    {
        var (now, rows) = call.Read(session => NodeTable.List(session, Limits.PageItems));
        var head = call.Read(Log.Head).Sequence;
        return rows.ConvertAll(row => Of(row, now, head));
    }

    private static Contract Of(NodeRow row, Instant now, long head) => new()
    {
        Kind = NodeKind.Server,
        Follows = null,
        Id = row.Registration.Id,
        Name = row.Registration.Name,
        Version = row.Registration.Version,
        Lease = row.IsBarred ? NodeLease.Refused : row.FencedAt is null && IsRecent(row, now) ? NodeLease.Held : NodeLease.Over,
        LeaseMilliseconds = row.Registration.LeaseMilliseconds,
        AppliedSequence = row.Acknowledged,
        Lag = Math.Max(0, head - row.Acknowledged),
        Fenced = row.FencedAt is not null,
        RegisteredAt = KeyShapes.Time(row.RegisteredAt),
        RenewedAt = KeyShapes.Time(row.RenewedAt),
    };

    private static bool IsRecent(NodeRow row, Instant now) => now.UnixMilliseconds - row.RenewedAt.UnixMilliseconds < row.Registration.LeaseMilliseconds;
}
