using System.Text.Json;
using Warder.Client;
using Warder.Client.Replicas;
using Warder.Contracts.Keys;
using Warder.Core.Secrets;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Replicas;

public sealed class InForceTests : IAsyncLifetime
{
    private RunningWarder warder = null!;
    private Fixture own = null!;
    private WarderVerifier verifier = null!;

    public async ValueTask InitializeAsync()
    {
        warder = await RunningWarder.StartAsync();
        own = await Fixture.MakeAsync(warder, warder.Key, "a");
        verifier = await Replica.ReadyAsync(warder.Address, await warder.Grant(null, "keys:validate"));
    }

    public async ValueTask DisposeAsync()
    {
        await verifier.DisposeAsync();
        await warder.DisposeAsync();
    }

    [Fact]
    public async Task When_a_revocation_returns_the_application_refuses()
    {
        for (var round = 0; round < 200; round++)
        {
            var made = (await warder.Post($"/organizations/{own.Organization}/api_keys", new { name = "k" })).Is(201);
            var value = new SecretString(made.Value);
            Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
            Assert.True(verifier.TryValidate(made.Value, RequiredPermissions.None, out var hit) && hit.IsAllowed);
            (await warder.Post($"/api_keys/{made.Id}/revoke")).Is(200);
            Assert.Equal(DecisionCode.Revoked, (await verifier.ValidateAsync(value)).Code);
        }
    }

    [Fact]
    public async Task The_node_shows_who_follows_it()
    {
        var head = warder.Head;
        List<JsonElement> nodes = [];
        JsonElement replica = default;
        // Of what changes nobody's keys it hears with its next lease.
        await Eventually.Holds(
            async () =>
            {
                nodes = (await warder.Get("/nodes")).Is(200).Data;
                replica = Assert.Single(nodes, static node => node.GetProperty("kind").GetString() == "replica");
                return replica.GetProperty("lag").GetInt64() == 0;
            },
            TimeSpan.FromSeconds(10), "It never hears of the rest.");
        Assert.Equal(nodes[0].GetProperty("id").GetString(), replica.GetProperty("follows").GetString());
        Assert.Equal((Environment.MachineName, "held"), (replica.GetProperty("name").GetString(), replica.GetProperty("lease").GetString()));
        Assert.Equal(head, replica.GetProperty("applied_sequence").GetInt64());
    }
}
