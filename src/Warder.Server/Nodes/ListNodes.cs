using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Nodes;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Engine.Nodes;
using Warder.Server.Http;
using Warder.Server.Keys;
using Warder.Storage;
using Warder.Storage.Nodes;
using Contract = Warder.Contracts.Nodes.Node;

namespace Warder.Server.Nodes;

/// <summary>Lists the nodes and replicas that answer validations from memory.</summary>
internal static class ListNodes
{
    public static IReadOnlyList<Route> All { get; } =
        [Route.Get<ListPage<Contract>>("/nodes", Rights.EnvironmentsRead, "List the server nodes, and the replicas of this one", Run)];

    private static Task<Result<Answer>> Run(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        List<Contract> nodes = [.. call.Node.ClusterMember is null ? [Only(call.Node)] : Several(call), .. Replicas(call), .. ManagementKeys(call)];
        return Task.FromResult<Result<Answer>>(Answer.Whole(nodes, WarderJson.Wire.ListPageNode));
    }

    // A node knows only the replicas that follow it.
    private static IEnumerable<Contract> Replicas(Call call)
    {
        var now = Clock.BootMicroseconds();
        var head = call.Node.ReplicaLeases.Position.Sequence;
        return call.Node.ReplicaLeases.Replicas.Where(each => each.Replica.Identity.Environment == call.Environment).Select(each => new Contract
        {
            Kind = NodeKind.Replica,
            Id = each.Replica.Identity.Id,
            Follows = call.Node.Id,
            Name = each.Replica.Identity.Name,
            Version = null,
            Lease = now < each.Replica.UntilMicroseconds ? NodeLease.Held : each.Replica.Stall?.BarredUntilMicroseconds > now ? NodeLease.Refused : NodeLease.Over,
            LeaseMilliseconds = call.Node.Options.Terms.Milliseconds,
            AppliedSequence = each.Applied,
            Lag = Math.Max(0, head - each.Applied),
            Fenced = false,
            RegisteredAt = KeyShapes.Time(each.Replica.ConnectedAt),
            RenewedAt = KeyShapes.Time(each.Replica.GrantedAt),
            ManagementKeyId = each.Replica.Identity.ManagementKeyId,
            StallMilliseconds = each.StallMicroseconds / 1_000,
            BarredUntil = TimeOf(call, each.Replica.Stall?.BarredUntilMicroseconds ?? 0, now),
        });
    }

    // Lists the management keys with a stall or a bar, on all nodes that their replicas follow.
    private static IEnumerable<Contract> ManagementKeys(Call call)
    {
        var now = Clock.BootMicroseconds();
        return call.Node.ReplicaLeases.Stalls.Charged(call.Environment, now).Take(Limits.PageItems).Select(each => new Contract
        {
            Kind = NodeKind.ManagementKey,
            Id = each.ManagementKeyId,
            Follows = null,
            Name = each.ManagementKeyId,
            Version = null,
            Lease = each.BarredUntilMicroseconds > now ? NodeLease.Refused : NodeLease.Held,
            LeaseMilliseconds = call.Node.Options.Terms.Milliseconds,
            AppliedSequence = call.Node.ReplicaLeases.Position.Sequence,
            Lag = 0,
            Fenced = false,
            RegisteredAt = KeyShapes.Time(call.Node.StartedAt),
            RenewedAt = null,
            ManagementKeyId = each.ManagementKeyId,
            StallMilliseconds = each.StallMicroseconds / 1_000,
            BarredUntil = TimeOf(call, each.BarredUntilMicroseconds, now),
        });
    }

    private static DateTimeOffset? TimeOf(Call call, long boot, long now) => boot > now ? KeyShapes.Time(call.Node.Clock.Now().PlusMilliseconds((boot - now) / 1_000)) : null;

    private static Contract Only(Engine.Hosting.Node node) => new()
    {
        Kind = NodeKind.Server,
        Follows = null,
        Id = node.Id,
        Name = node.Options.Name,
        Version = node.Options.Version,
        Level = node.Options.Level,
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
        Level = row.Registration.Level,
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
