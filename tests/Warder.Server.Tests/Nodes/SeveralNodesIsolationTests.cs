using System.Diagnostics;
using System.Text.Json;
using Warder.Core.Leases;
using Warder.Protocol;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Replicas;

namespace Warder.Server.Tests.Nodes;

/// <summary>
/// Replicas of one management key that take leases of every node and acknowledge late or never: the cost to changes of their own
/// environment and of another.
/// </summary>
public sealed class SeveralNodesIsolationTests
{
    private static readonly LeaseTerms Terms = new(Cluster.LeaseMilliseconds);
    private static readonly TimeSpan Lease = TimeSpan.FromMicroseconds(Terms.HolderMicroseconds);
    // While it lasts a busy machine makes two changes.
    private const int LongLeaseMilliseconds = 10_000;
    // Far longer than a change on a busy machine, and short enough to wait for twice.
    private const int BudgetLeaseMilliseconds = 4_000;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replicas_of_another_environment_hold_up_no_change_and_cost_no_node_its_lease(bool acknowledgesLate)
    {
        await using var cluster = await Cluster.StartAsync(3);
        var other = (await cluster.Post(0, "/environments", new { name = "b", key_prefix = "b" })).Is(201)
            .Json.GetProperty("management_key").GetProperty("value").GetString()!;
        var hostile = (await cluster[0].Send("POST", "/management_keys", new { name = "h", rights = new[] { "keys:validate" } }, other))
            .Is(201).Value;
        // The first change through a node opens connections and prepares statements: it is not measured.
        foreach (var node in Enumerable.Range(0, 3))
            await RevokeNew(cluster, node);
        await using var attack = await HostileReplicas.StartAsync(
            hostile, acknowledgesLate ? Lease - TimeSpan.FromMilliseconds(250) : null,
            [.. Enumerable.Range(0, 3).Select(node => cluster[node].Address)]);

        var stalled = new List<TimeSpan>();
        var times = new List<TimeSpan>();
        for (var round = 0; round < 3; round++)
        {
            var victim = await Issue(cluster, other);
            var change = Timed(() => Revoke(cluster, 0, victim, other));
            do
            {
                times.Add(await RevokeNew(cluster, times.Count % 3));
                // Below the rate of one management key.
                await Task.Delay(20);
            }
            while (!change.IsCompleted);
            stalled.Add(await change);
        }

        Assert.True(stalled.Max() > Lease / 3, $"The attack cost its own environment {string.Join(", ", stalled)} only.");
        Assert.True(
            times.Order().ElementAt(times.Count / 2) < Lease / 4, $"Changes of the other environment took {string.Join(", ", times)}.");
        Assert.All(await Nodes(cluster), static node => Assert.Equal("held", node.GetProperty("lease").GetString()));
        Assert.Equal(
            0, cluster.Postgres.Number(
                "SELECT COUNT(*) FROM nodes WHERE barred <> 0 OR missed_at IS NOT NULL OR fenced_at IS NOT NULL", cluster.Name));
    }

    [Fact]
    public async Task An_answer_that_it_is_so_already_waits_for_its_own_environment_though_a_later_change_of_another_is_in_force()
    {
        await using var cluster = await Cluster.StartAsync(2, LongLeaseMilliseconds);
        var other = (await cluster.Post(0, "/environments", new { name = "b", key_prefix = "b" })).Is(201)
            .Json.GetProperty("management_key").GetProperty("value").GetString()!;
        await using var replica = await RawReplica.ConnectAsync(cluster[1].Address, other);
        await replica.Join(RawReplica.NewIdentity());
        var victim = await Issue(cluster, other);
        var change = Revoke(cluster, 0, victim, other);
        var news = await replica.Receive<LogDelta>();
        await RevokeNew(cluster, 0);
        Assert.False(change.IsCompleted, "The machine is too slow for a result.");
        var again = Revoke(cluster, 0, victim, other);
        await RevokeNew(cluster, 0);
        Assert.Equal(change.IsCompleted, again.IsCompleted);
        await replica.Send(new Acknowledgement(news.Place.Sequence));
        await Task.WhenAll(change, again).WaitAsync(Soon);
    }

    [Fact]
    public async Task What_replicas_of_one_key_cost_through_all_nodes_is_added_up_and_bars_it_on_all()
    {
        await using var cluster = await Cluster.StartAsync(3, BudgetLeaseMilliseconds);
        var lease = TimeSpan.FromMicroseconds(new LeaseTerms(BudgetLeaseMilliseconds).HolderMicroseconds);
        var made = (await cluster.Post(0, "/management_keys", new { name = "h", rights = new[] { "keys:validate" } })).Is(201);
        await using var honest = await Replica.ReadyAsync(cluster[2].Address, cluster.Key);
        await using var attack = await HostileReplicas.StartAsync(
            made.Value, null, [.. Enumerable.Range(0, 3).Select(node => cluster[node].Address)]);

        var cost = TimeSpan.Zero;
        var since = Stopwatch.StartNew();
        while (attack.Refusal?.Code != LeaseRefusals.Barred)
        {
            Assert.True(since.Elapsed < 2 * Soon, $"It is granted leases on and on, and has cost {cost}.");
            cost += await RevokeNew(cluster, 0);
        }

        foreach (var node in Enumerable.Range(0, 3))
        {
            await Eventually.Holds(
                async () =>
                {
                    await using var replica = await RawReplica.ConnectAsync(cluster[node].Address, made.Value);
                    return await replica.RequestLease(RawReplica.NewIdentity()) is LeaseRefusal { Code: LeaseRefusals.Barred };
                },
                Soon, "It is not barred on every node.");
        }

        await Task.Delay(lease);
        // The best of several, since a busy machine delays one now and then. The attack goes on: if it got leases, each change would wait
        // for one.
        var after = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
            after.Add(await RevokeNew(cluster, 1));
        Assert.True(after.Order().ElementAt(2) < lease / 2, $"Changes are slow on: {string.Join(", ", after)}.");
        Assert.True(honest.Health.Lease > TimeSpan.Zero);
        Assert.All(await Nodes(cluster), static node => Assert.Equal("held", node.GetProperty("lease").GetString()));
        var bars = (await cluster.Get(0, "/events?order=desc&limit=100")).Is(200)
            .Data.Where(static e => e.GetProperty("event").GetString() == "replicas.barred");
        Assert.Equal(made.Id, Assert.Single(bars).GetProperty("data").GetProperty("management_key_id").GetString());
    }

    private static async Task<TimeSpan> RevokeNew(Cluster cluster, int node)
    {
        var id = (await cluster.Issue()).Id;
        return await Timed(() => Revoke(cluster, node, id, cluster.Key));
    }

    private static async Task<string> Issue(Cluster cluster, string key)
    {
        var organization = (await cluster[0].Send("POST", "/organizations", new { name = "o" }, key)).Is(201).Id;
        return (await cluster[0].Send("POST", $"/organizations/{organization}/api_keys", new { name = "k" }, key)).Is(201).Id;
    }

    private static async Task Revoke(Cluster cluster, int node, string id, string key)
        => (await cluster[node].Send("POST", $"/api_keys/{id}/revoke", new { }, key)).Is(200);

    private static async Task<TimeSpan> Timed(Func<Task> change)
    {
        var since = Stopwatch.StartNew();
        await change();
        return since.Elapsed;
    }

    private static async Task<List<JsonElement>> Nodes(Cluster cluster)
        => [.. (await cluster.Get(0, "/nodes")).Is(200).Data.Where(static node => node.GetProperty("kind").GetString() == "server")];
}
