using System.Diagnostics;
using System.Text.Json;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Nodes;

public sealed class SeveralNodesTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(Cluster.LeaseMilliseconds);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_change_through_any_node_is_in_force_on_all_when_its_call_returns()
    {
        await using var cluster = await Cluster.StartAsync(3);
        for (var round = 0; round < 30; round++)
        {
            var (id, value) = await cluster.Issue();
            foreach (var node in Enumerable.Range(0, 3))
                Assert.Equal("allowed", await cluster.Decide(node, value));
            (await cluster.Post(round % 3, $"/api_keys/{id}/revoke")).Is(200);
            foreach (var node in Enumerable.Range(0, 3))
                Assert.Equal("revoked", await cluster.Decide(node, value));
        }

        Assert.All(await Nodes(cluster), static node => Assert.Equal("held", node.GetProperty("lease").GetString()));
    }

    [Fact]
    public async Task All_nodes_know_a_change_of_a_management_key_when_its_call_returns()
    {
        await using var cluster = await Cluster.StartAsync(2);
        for (var round = 0; round < 10; round++)
        {
            var granted = (await cluster.Post(0, "/management_keys", new { name = "n", rights = new[] { "keys:read" } })).Is(201);
            (await cluster[1].Send("GET", "/api_keys", null, granted.Value)).Is(200);
            (await cluster.Post(0, $"/management_keys/{granted.Id}/revoke")).Is(200);
            (await cluster[1].Send("GET", "/api_keys", null, granted.Value)).Is(401);
        }
    }

    [Fact]
    public async Task A_node_that_hangs_delays_the_first_change_by_its_lease_and_no_later_one_and_never_answers_from_before()
    {
        await using var cluster = await Cluster.StartAsync(2);
        var (first, firstValue) = await cluster.Issue();
        var (second, secondValue) = await cluster.Issue();
        Assert.Equal("allowed", await cluster.Decide(1, firstValue));
        Assert.Equal("allowed", await cluster.Decide(1, secondValue));
        cluster[1].Freeze();

        var waited = Stopwatch.StartNew();
        (await cluster.Post(0, $"/api_keys/{first}/revoke")).Is(200);
        // The node had renewed its lease at most a quarter of its length before the stop.
        Assert.InRange(waited.Elapsed, Lease, Lease * 4);
        waited.Restart();
        (await cluster.Post(0, $"/api_keys/{second}/revoke")).Is(200);
        Assert.True(waited.Elapsed < Lease, $"The second change waited {waited.Elapsed}.");

        var answers = Task.WhenAll(cluster.Decide(1, firstValue), cluster.Decide(1, secondValue));
        cluster[1].Thaw();
        Assert.All(await answers, static answer => Assert.True(answer is "revoked" or "unavailable", answer));
        await Eventually.Holds(async () => await cluster.Decide(1, firstValue) == "revoked", Soon, "The node did not come back.");
        await Eventually.Holds(
            async () => (await Nodes(cluster)).Count(static node => node.GetProperty("lease").GetString() == "held") == 2, Soon,
            "The node did not get a lease again.");
    }

    [Fact]
    public async Task A_node_that_was_killed_is_fenced_and_one_that_stopped_in_order_is_gone()
    {
        await using var cluster = await Cluster.StartAsync(3);
        await cluster[1].KillAsync();
        await cluster[2].StopAsync();
        var (id, _) = await cluster.Issue();
        (await cluster.Post(0, $"/api_keys/{id}/revoke")).Is(200);
        var nodes = await Nodes(cluster);
        Assert.Equal(["node-0", "node-1"], nodes.Select(static node => node.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(
            "node-1", Assert.Single(nodes, static node => node.GetProperty("fenced").GetBoolean()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Without_the_database_it_answers_for_as_long_as_its_lease_then_refuses_and_heals_by_itself()
    {
        await using var cluster = await Cluster.StartAsync(2);
        var (id, value) = await cluster.Issue();
        Assert.Equal("allowed", await cluster.Decide(1, value));
        cluster.Postgres.Stop("immediate");
        Assert.Equal("allowed", await cluster.Decide(1, value));

        await Eventually.Holds(async () => await cluster.Decide(1, value) == "unavailable", Soon, "It went on without a lease.");
        var refused = await cluster.Post(1, "/api_keys/validations", new { value });
        Assert.Equal(503, refused.Status);
        Assert.NotNull(refused.Headers.RetryAfter);
        (await cluster.Post(0, $"/api_keys/{id}/revoke")).Is(503);

        cluster.Postgres.Start();
        await Eventually.Holds(async () => await cluster.Decide(1, value) == "allowed", Soon, "It did not come back.");
        await Eventually.Holds(
            async () => (await cluster.Post(0, $"/api_keys/{id}/revoke")).Status == 200, Soon, "Changes did not come back.");
        Assert.Equal("revoked", await cluster.Decide(1, value));
    }

    [Fact]
    public async Task A_node_that_joins_takes_part_at_once()
    {
        await using var cluster = await Cluster.StartAsync(1);
        var (id, value) = await cluster.Issue();
        var joined = await cluster.AddAsync();
        Assert.Equal("allowed", await cluster.Decide(joined, value));
        (await cluster.Post(0, $"/api_keys/{id}/revoke")).Is(200);
        Assert.Equal("revoked", await cluster.Decide(joined, value));
    }

    [Fact]
    public async Task Over_a_database_that_lost_commits_no_node_answers()
    {
        await using var cluster = await Cluster.StartAsync(2);
        var (id, value) = await cluster.Issue();
        (await cluster.Post(0, $"/api_keys/{id}/revoke")).Is(200);
        Assert.Equal("revoked", await cluster.Decide(1, value));
        // Simulates a standby that lacks the last commit.
        cluster.Postgres.Execute(
            "BEGIN; DELETE FROM events WHERE seq = (SELECT seq FROM log_head); DELETE FROM event_batches WHERE first_seq = (SELECT seq FROM"
                + " log_head);"
            + " UPDATE log_head SET seq = seq - 1, hash = (SELECT hash FROM event_batches ORDER BY first_seq DESC LIMIT 1);"
            + " UPDATE api_keys SET state = 0; COMMIT",
            cluster.Name);

        foreach (var node in Enumerable.Range(0, 2))
        {
            await Eventually.Holds(async () => await cluster.Decide(node, value) == "unavailable", Soon, "It went on, on another log.");
            await Eventually.Holds(
                () => Task.FromResult(
                    cluster[node].Log.Contains("is not the one that this node has answered from", StringComparison.Ordinal)), Soon,
                    "It does not say why.");
            (await cluster.Get(node, "/health/ready")).Is(503);
        }
    }

    private static async Task<List<JsonElement>> Nodes(Cluster cluster) => [.. (await cluster.Get(0, "/nodes")).Is(200).Data];
}
