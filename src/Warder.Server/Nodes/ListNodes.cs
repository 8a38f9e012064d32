using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Nodes;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Engine.Nodes;
using Warder.Engine.Replicas.Leases;
using Warder.Server.Http;
using Warder.Server.Keys;
using Warder.Storage;
using Warder.Storage.Nodes;
using Contract = Warder.Contracts.Nodes.Node;

namespace Warder.Server.Nodes;

/// <summary>Lists the nodes and replicas that answer validations from memory.</summary>
internal sealed class ListNodes(NodeIdentity identity, KeyCache cache, ReplicaLeaseRegistry leases)
{
    public static IReadOnlyList<Route> All { get; } =
    [
        Route.Get<ListPage<Contract>, ListNodes>(
            "/nodes", Rights.EnvironmentsRead, "List the server nodes, and the replicas of this one", static nodes => nodes.Run),
    ];

    private Task<Result<Answer>> Run(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        List<Contract> nodes = [.. call.IsShared ? Several(call) : [Only()], .. Replicas(call), .. ManagementKeys(call)];
        return Task.FromResult<Result<Answer>>(Answer.Whole(nodes, WarderJson.Wire.ListPageNode));
    }

    // A node knows only the replicas that follow it.
    private IEnumerable<Contract> Replicas(Call call)
    {
        var now = Clock.BootMicroseconds();
        var head = leases.Position.Sequence;
        return leases.Replicas.Where(each => each.Replica.Identity.Environment == call.Environment).Select(each => new Contract
        {
            Kind = NodeKind.Replica,
            Id = each.Replica.Identity.Id,
            Follows = identity.Id,
            Name = each.Replica.Identity.Name,
            Version = null,
            Lease = now < each.Replica.UntilMicroseconds ? NodeLease.Held
                : each.Replica.Stall?.BarredUntilMicroseconds > now ? NodeLease.Refused
                : NodeLease.Over,
            LeaseMilliseconds = identity.Options.Terms.Milliseconds,
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
    private IEnumerable<Contract> ManagementKeys(Call call)
    {
        var now = Clock.BootMicroseconds();
        return leases.Stalls.Charged(call.Environment, now).Take(Limits.PageItems).Select(each => new Contract
        {
            Kind = NodeKind.ManagementKey,
            Id = each.ManagementKeyId,
            Follows = null,
            Name = each.ManagementKeyId,
            Version = null,
            Lease = each.BarredUntilMicroseconds > now ? NodeLease.Refused : NodeLease.Held,
            LeaseMilliseconds = identity.Options.Terms.Milliseconds,
            AppliedSequence = leases.Position.Sequence,
            Lag = 0,
            Fenced = false,
            RegisteredAt = KeyShapes.Time(identity.StartedAt),
            RenewedAt = null,
            ManagementKeyId = each.ManagementKeyId,
            StallMilliseconds = each.StallMicroseconds / 1_000,
            BarredUntil = TimeOf(call, each.BarredUntilMicroseconds, now),
        });
    }

    private static DateTimeOffset? TimeOf(Call call, long boot, long now)
        => boot > now ? KeyShapes.Time(call.Clock.Now().PlusMilliseconds((boot - now) / 1_000)) : null;

    private Contract Only() => new()
    {
        Kind = NodeKind.Server,
        Follows = null,
        Id = identity.Id,
        Name = identity.Options.Name,
        Version = identity.Options.Version,
        Level = identity.Options.Level,
        Lease = NodeLease.Permanent,
        LeaseMilliseconds = null,
        AppliedSequence = cache.Applied,
        Lag = 0,
        Fenced = false,
        RegisteredAt = KeyShapes.Time(identity.StartedAt),
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

    private static bool IsRecent(NodeRow row, Instant now)
        => now.UnixMilliseconds - row.RenewedAt.UnixMilliseconds < row.Registration.LeaseMilliseconds;
}
