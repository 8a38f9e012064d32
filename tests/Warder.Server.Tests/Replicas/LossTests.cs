using System.Diagnostics;
using System.Text.Json;
using Warder.Client;
using Warder.Client.Replicas;
using Warder.Contracts.Keys;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Protocol;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Nodes;

namespace Warder.Server.Tests.Replicas;

/// <summary>The behavior of an application when its link, its node or the node's process is lost.</summary>
public sealed class LossTests
{
    // A change that waits for leases of an earlier process takes 8.8 s: far longer than a cold process takes on a busy machine.
    private const string LongLeases = "--lease-milliseconds 8000";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_node_that_stands_still_charges_its_replicas_nothing_for_it()
    {
        using var folder = new DataFolder();
        await using var warder = await WarderProcess.StartAsync(folder, options: LongLeases);
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        var organization = (await warder.Send("POST", "/organizations", new { name = "o" }, key)).Is(201).Id;
        await using var replica = await RawReplica.ConnectAsync(warder.Address, key);
        await replica.Join(RawReplica.NewIdentity());
        for (var round = 0; round < 2; round++)
        {
            var issued = (await warder.Send("POST", $"/organizations/{organization}/api_keys", new { name = "k" }, key)).Is(201).Id;
            var change = warder.Send("POST", $"/api_keys/{issued}/revoke", new { }, key);
            var delta = await replica.Receive<LogDelta>();
            warder.Freeze();
            await replica.Send(new Acknowledgement(delta.Place.Sequence));
            await Task.Delay(1_500);
            warder.Thaw();
            (await change).Is(200);
        }

        var stalls = (await warder.Send("GET", "/nodes", null, key)).Is(200).Data
            .Select(static node => node.TryGetProperty("stall_milliseconds", out var stall)
                && stall.ValueKind == JsonValueKind.Number ? stall.GetInt64() : 0);
        Assert.True(stalls.Max() < 1_000, "The replicas are charged with the pause of their node.");
    }

    [Fact]
    public async Task A_cut_link_is_lived_through_under_the_lease_then_nothing_is_known_until_it_is_mended()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        using var relay = new Relay(warder.Address);
        await using var verifier = await Replica.ReadyAsync(relay.Address, await warder.Grant(null, "keys:validate"));
        var value = new SecretString(own.KeyValue);
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);

        relay.Cut();
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
        (await warder.Post($"/api_keys/{own.Key}/revoke")).Is(200);
        // The call has waited for the end of the lease: the replica's memory is not used any more.
        Assert.Equal(DecisionCode.Unavailable, (await verifier.ValidateAsync(value)).Code);
        Assert.Equal(VerifierState.Disconnected, verifier.Health.State);

        relay.Mend();
        await Eventually.Holds(
            async () => (await verifier.ValidateAsync(value)).Code == DecisionCode.Revoked, Soon, "It did not come back.");
        await Eventually.Holds(() => Task.FromResult(verifier.Health.State == VerifierState.Ready), Soon, "It did not get a lease.");
    }

    [Fact]
    public async Task A_replica_that_trusts_its_lease_though_its_link_was_lost_is_found()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        using var relay = new Relay(warder.Address);
        var lease = new Lease();
        var options =
            new WarderVerifierOptions { Nodes = [new Uri(relay.Address)], ManagementKey = await warder.Grant(null, "keys:validate") };
        await using var verifier = new WarderVerifier(options, Entropy.System, lease);
        await verifier.WaitUntilReadyAsync(TestContext.Current.CancellationToken).WaitAsync(Soon);
        var value = new SecretString(own.KeyValue);
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
        relay.Cut();
        lease.Extend(Clock.BootMicroseconds() + (long)TimeSpan.FromHours(1).TotalMicroseconds);
        (await warder.Post($"/api_keys/{own.Key}/revoke")).Is(200);
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
    }

    [Fact]
    public async Task A_link_that_breaks_again_and_again_breaks_no_promise()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        using var relay = new Relay(warder.Address);
        await using var verifier = await Replica.ReadyAsync(relay.Address, await warder.Grant(null, "keys:validate"));
        for (var round = 0; round < 30; round++)
        {
            var made = (await warder.Post($"/organizations/{own.Organization}/api_keys", new { name = "k" })).Is(201);
            var value = new SecretString(made.Value);
            await Eventually.Holds(async () => (await verifier.ValidateAsync(value)).IsAllowed, Soon, "A good key is refused.");
            var change = warder.Post($"/api_keys/{made.Id}/revoke");
            relay.Break();
            (await change).Is(200);
            Assert.False((await verifier.ValidateAsync(value)).IsAllowed);
        }

        Assert.True(relay.Connections > 20, $"Only {relay.Connections} connections.");
    }

    [Fact]
    public async Task A_server_that_is_killed_and_begun_anew_waits_for_the_leases_of_the_one_before()
    {
        using var folder = new DataFolder();
        await using var before = await WarderProcess.StartAsync(folder, options: LongLeases);
        var key = (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        var organization = (await before.Send("POST", "/organizations", new { name = "o" }, key)).Is(201).Id;
        var made = (await before.Send("POST", $"/organizations/{organization}/api_keys", new { name = "k" }, key)).Is(201);
        await using var verifier = await Replica.ReadyAsync(before.Address, key);
        var value = new SecretString(made.Value);
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
        await before.KillAsync();
        await using var after = await WarderProcess.StartAsync(folder, options: LongLeases);
        (await after.Send("POST", $"/api_keys/{made.Id}/revoke", new { }, key)).Is(200);
        Assert.False((await verifier.ValidateAsync(value)).IsAllowed);
        Assert.Equal(TimeSpan.Zero, verifier.Health.Lease);

        // Once no replica holds a lease, no change waits for one.
        await after.StopAsync();
        await using var last = await WarderProcess.StartAsync(folder, options: LongLeases);
        var since = Stopwatch.StartNew();
        var second = (await last.Send("POST", $"/organizations/{organization}/api_keys", new { name = "k" }, key)).Is(201);
        (await last.Send("POST", $"/api_keys/{second.Id}/revoke", new { }, key)).Is(200);
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(4), $"{since.Elapsed}");
    }

    [Fact]
    public async Task A_revocation_through_another_node_is_in_force_when_its_call_returns()
    {
        await using var cluster = await Cluster.StartAsync(2);
        await using var verifier = await Replica.ReadyAsync(cluster[0].Address, cluster.Key);
        for (var round = 0; round < 100; round++)
        {
            var (id, issued) = await cluster.Issue();
            var value = new SecretString(issued);
            Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
            (await cluster.Post(1, $"/api_keys/{id}/revoke")).Is(200);
            Assert.Equal(DecisionCode.Revoked, (await verifier.ValidateAsync(value)).Code);
        }
    }

    [Fact]
    public async Task When_its_node_is_lost_it_goes_to_another_with_what_it_has()
    {
        await using var cluster = await Cluster.StartAsync(2);
        var (id, issued) = await cluster.Issue();
        var value = new SecretString(issued);
        await using var verifier = await Replica.ReadyAsync(new WarderVerifierOptions
        {
            Nodes = [new Uri(cluster[0].Address), new Uri(cluster[1].Address)], ManagementKey = cluster.Key,
        });
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
        await cluster[0].KillAsync();
        // Only answers from memory count: a starved verifier looks up at its node, and such an answer shows nothing about its memory.
        await Eventually.Holds(
            () => Task.FromResult(verifier.Health.Node == new Uri(cluster[1].Address) && verifier.Health.State == VerifierState.Ready
                && verifier.TryValidate(issued, RequiredPermissions.None, out var decision) && decision.IsAllowed),
            Soon, "It did not go elsewhere with what it had.");
        Assert.Equal(1, verifier.Questions);
        (await cluster.Post(1, $"/api_keys/{id}/revoke")).Is(200);
        Assert.Equal(DecisionCode.Revoked, (await verifier.ValidateAsync(value)).Code);
    }
}
