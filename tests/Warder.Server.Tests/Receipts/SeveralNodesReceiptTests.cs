using System.Text.Json;
using Warder.Contracts.Receipts;
using Warder.Protocol;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Nodes;
using Warder.Server.Tests.Replicas;

namespace Warder.Server.Tests.Receipts;

/// <summary>The receipt's lines about nodes and replicas that its own node knows through the database only.</summary>
public sealed class SeveralNodesReceiptTests
{
    [Fact]
    public async Task A_frozen_replica_of_another_node_has_a_line_that_says_so()
    {
        await using var cluster = await Cluster.StartAsync(2);
        await using var frozen = await RawReplica.ConnectAsync(cluster[1].Address, cluster.Key);
        await frozen.Join(RawReplica.NewIdentity());
        await using var sound = await Replica.ReadyAsync(cluster[1].Address, cluster.Key);
        var lines = await Revoke(cluster);
        Assert.Equal(
            [
                ("node-0", "server", ReceiptOutcome.Acknowledged), ("node-1", "server", ReceiptOutcome.Acknowledged),
                (Environment.MachineName, "replica", ReceiptOutcome.Acknowledged), ("raw", "replica", ReceiptOutcome.LeaseRanOut),
            ],
            lines.OrderByDescending(line => line.Kind).ThenBy(line => line.Outcome).ThenBy(line => line.Name, StringComparer.Ordinal)
                .Select(line => (line.Name, line.Kind, line.Outcome)));
        var other = lines.Single(line => line.Name == "node-1").Id;
        Assert.All(lines.Where(line => line.Kind == "replica"), line => Assert.Equal(other, line.Follows));

        // Once it is back, it acknowledges as the other nodes do.
        await using var back = await RawReplica.ConnectAsync(cluster[1].Address, cluster.Key);
        await back.Join(RawReplica.NewIdentity());
        var change = Revoke(cluster);
        await back.Send(new Acknowledgement((await back.Receive<LogDelta>()).Place.Sequence));
        Assert.Contains(await change, line => line is { Name: "raw", Outcome: ReceiptOutcome.Acknowledged });
    }

    [Fact]
    public async Task A_frozen_node_has_a_line_that_says_so_and_so_have_those_who_follow_it()
    {
        await using var cluster = await Cluster.StartAsync(2);
        await using var replica = await Replica.ReadyAsync(cluster[1].Address, cluster.Key);
        // Until the other nodes can have read it.
        await Revoke(cluster);
        var (id, _) = await cluster.Issue();
        cluster[1].Freeze();
        var lines = await Revoke(cluster, id);
        cluster[1].Thaw();
        Assert.Equal(
            [("node-0", ReceiptOutcome.Acknowledged), ("node-1", ReceiptOutcome.LeaseRanOut),
                (Environment.MachineName, ReceiptOutcome.LeaseRanOut)],
            lines.Select(line => (line.Name, line.Outcome)));
    }

    [Fact]
    public async Task Every_node_shows_the_receipts_of_all_and_signs_with_the_same_key()
    {
        await using var cluster = await Cluster.StartAsync(2);
        var first = (await cluster.Post(0, $"/api_keys/{(await cluster.Issue()).Id}/revoke")).Is(200).Json.GetProperty("receipt");
        await Eventually.Holds(
            async () => (await cluster.Get(1, "/receipts/" + first.GetProperty("id").GetString())).Text == first.GetRawText(),
            TimeSpan.FromSeconds(10), "The other node does not have it.");
        Assert.Equal((await cluster.Get(0, "/.well-known/jwks.json")).Text, (await cluster.Get(1, "/.well-known/jwks.json")).Text);
        var made = (await cluster.Post(1, "/signing_keys")).Is(201);
        Assert.All(
            [await cluster.Get(0, "/.well-known/jwks.json"), await cluster.Get(1, "/.well-known/jwks.json")],
            reply => Assert.Equal(made.Id, reply.Json.GetProperty("keys")[0].GetProperty("kid").GetString()));
    }

    [Fact]
    public async Task A_replica_has_one_id_wherever_it_goes_and_another_one_has_another()
    {
        await using var cluster = await Cluster.StartAsync(2);
        var identity = RawReplica.NewIdentity();
        var ids = new List<string>();
        foreach (var (node, own) in ((int, string)[])[(0, identity), (1, identity), (1, RawReplica.NewIdentity())])
        {
            await using var replica = await RawReplica.ConnectAsync(cluster[node].Address, cluster.Key);
            await replica.Join(own);
            var nodes = (await cluster.Get(node, "/nodes")).Is(200).Data;
            ids.Add(nodes.Last(static each => each.GetProperty("kind").GetString() == "replica").GetProperty("id").GetString()!);
            await replica.Send(new LeaseRelease());
        }

        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[1], ids[2]);
    }

    private static async Task<List<ReceiptLine>> Revoke(Cluster cluster, string? id = null)
    {
        id ??= (await cluster.Issue()).Id;
        var receipt = (await cluster.Post(0, $"/api_keys/{id}/revoke")).Is(200).Json.GetProperty("receipt");
        return JsonSerializer.Deserialize(receipt.GetRawText(), Contracts.WarderJson.Wire.Receipt)!.Verifiers.ToList();
    }
}
