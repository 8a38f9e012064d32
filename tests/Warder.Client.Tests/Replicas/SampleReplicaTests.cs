using System.Diagnostics;
using System.Net;
using Warder.Client.Tests.Server;
using Warder.Core.Secrets;
using Warder.Server.Tests.Nodes;

namespace Warder.Client.Tests.Replicas;

/// <summary>An application validates in its own process, with two nodes over one database.</summary>
public sealed class SampleReplicaTests
{
    private const int Rounds = 1_000;
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(Cluster.LeaseMilliseconds);

    [Fact]
    public async Task The_next_request_after_a_revocation_through_another_node_is_refused_a_thousand_times_in_a_thousand()
    {
        await using var cluster = await Cluster.StartAsync(2);
        await using var sample = await StartAsync(cluster);
        var organization = (await cluster.Post(0, "/organizations", new { name = "o" })).Is(201).Id;
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (id, value) = await IssueAsync(cluster, organization);
            Assert.Equal(HttpStatusCode.OK, (await sample.SendAsync(HttpMethod.Get, value)).Status);
            (await cluster.Post(1, $"/api_keys/{id}/revoke")).Is(200);
            if ((await sample.SendAsync(HttpMethod.Get, value)).Status == HttpStatusCode.Unauthorized)
                refused++;
        }

        Assert.Equal(Rounds, refused);
    }

    [Fact]
    public async Task An_application_that_hangs_costs_a_change_its_lease_and_no_more_and_never_answers_from_before()
    {
        await using var cluster = await Cluster.StartAsync(2);
        await using var sample = await StartAsync(cluster);
        var organization = (await cluster.Post(0, "/organizations", new { name = "o" })).Is(201).Id;
        var (first, firstValue) = await IssueAsync(cluster, organization);
        var (second, secondValue) = await IssueAsync(cluster, organization);
        foreach (var value in new[] { firstValue, secondValue })
            Assert.Equal(HttpStatusCode.OK, (await sample.SendAsync(HttpMethod.Get, value)).Status);

        sample.Freeze();
        var waited = Stopwatch.StartNew();
        (await cluster.Post(1, $"/api_keys/{first}/revoke")).Is(200);
        Assert.InRange(waited.Elapsed, Lease / 4, Lease * 4);
        waited.Restart();
        (await cluster.Post(1, $"/api_keys/{second}/revoke")).Is(200);
        Assert.True(waited.Elapsed < Lease, $"The second change waited {waited.Elapsed}.");

        var answers = Task.WhenAll(sample.SendAsync(HttpMethod.Get, firstValue), sample.SendAsync(HttpMethod.Get, secondValue));
        sample.Thaw();
        Assert.All(await answers, static answer => Assert.True(
            answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable, $"{answer.Status}"));
    }

    private static async Task<SampleProcess> StartAsync(Cluster cluster)
    {
        (await cluster.Post(0, "/authorization/permissions", new { slug = "posts:read", name = "r" })).Is(201);
        var validator = (await cluster.Post(0, "/management_keys", new { name = "posts-api", rights = new[] { "keys:validate" } })).Is(201);
        return await SampleProcess.StartAsync(
            new SecretString(validator.Value), ("WARDER_URL", $"{cluster[0].Address},{cluster[1].Address}"), ("WARDER_REPLICA", "true"));
    }

    private static async Task<(string Id, SecretString Value)> IssueAsync(Cluster cluster, string organization)
    {
        var made = (await cluster.Post(
            0, $"/organizations/{organization}/api_keys", new { name = "k", permissions = new[] { "posts:read" } })).Is(201);
        return (made.Id, new SecretString(made.Value));
    }
}
