using System.Diagnostics;
using Warder.Core.Leases;
using Warder.Protocol;
using Warder.Server.Tests.Hosting;
using Warder.Storage.Journal;

namespace Warder.Server.Tests.Replicas;

/// <summary>Replicas that take leases and acknowledge late or never: the cost to changes of their own environment and of another.</summary>
public sealed class HostileReplicaTests() : FollowedServer("keys:validate")
{
    private static readonly TimeSpan Lease = TimeSpan.FromMicroseconds(LeaseTerms.Default.HolderMicroseconds);
    private static readonly TimeSpan Budget = TimeSpan.FromMicroseconds(LeaseTerms.Default.WaiterMicroseconds);
    private static readonly TimeSpan Allowance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_hold_up_no_change_of_another_environment(bool acknowledgesLate)
    {
        var other = await Warder.AddEnvironment("other");
        var victim = await Fixture.MakeAsync(Warder, other, "b");
        var key = await Warder.Grant(other, "keys:validate");
        await using var attack = await HostileReplicas.StartAsync(
            key, acknowledgesLate ? Lease - TimeSpan.FromMilliseconds(250) : null, Warder.Address);

        var stalled = Timed(() => Revoke(victim.Key, other));
        var times = new List<TimeSpan>();
        do
            times.Add(await RevokeNew());
        while (!stalled.IsCompleted);

        Assert.True(await stalled > Lease / 2, $"The attack cost its own environment {await stalled} only.");
        Assert.True(times.Count > 1, "No change was made meanwhile.");
        Assert.True(
            times.Order().ElementAt(times.Count / 2) < Lease / 4, $"Changes of the other environment took {string.Join(", ", times)}.");
        Assert.All(times.SkipLast(1), time => Assert.True(time < Lease / 2, $"A change of the other environment took {time}."));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)] // Far from the end of a lease, and far longer than an acknowledgement.
    [InlineData(1_550)] // Just before the end of a lease.
    public async Task They_are_refused_leases_once_they_have_cost_their_budget_and_nobody_else_is(int acknowledgeAfterMilliseconds)
    {
        var made = (await Warder.Post("/management_keys", new { name = "hostile", rights = new[] { "keys:validate" } })).Is(201);
        await using var honest = await Replica.ReadyAsync(Warder.Address, Key);
        await using var attack = await HostileReplicas.StartAsync(
            made.Value, acknowledgeAfterMilliseconds > 0 ? TimeSpan.FromMilliseconds(acknowledgeAfterMilliseconds) : null, Warder.Address);

        var cost = TimeSpan.Zero;
        var changes = 1;
        var since = Stopwatch.StartNew();
        while (attack.Refusal?.Code != LeaseRefusals.Barred)
        {
            Assert.True(since.Elapsed < 2 * Soon, $"It is granted leases on and on, and has cost {cost}.");
            cost += await RevokeNew();
            changes++;
        }

        // A granted lease lasts until its end, and no longer.
        cost += await RevokeNew();
        var charged = cost - (changes * Allowance);
        Assert.True(charged < Budget + (2 * Lease), $"It has cost {cost}.");
        Assert.InRange(attack.Refusal.RetryAfterMilliseconds, 30_000, 60_000);
        await Task.Delay(Lease);
        Assert.True(await RevokeNew() < Lease / 2, "Changes are slow on.");

        var bar = Assert.Single(await Warder.Events(), static e => e.GetProperty("event").GetString() == "replicas.barred")
            .GetProperty("data");
        Assert.Equal(made.Id, bar.GetProperty("management_key_id").GetString());
        Assert.InRange(bar.GetProperty("stall_milliseconds").GetInt64(), Budget.TotalMilliseconds, (Budget + Lease).TotalMilliseconds);

        var line = Assert.Single(
            (await Warder.Get("/nodes")).Is(200).Data, static node => node.GetProperty("kind").GetString() == "management_key");
        Assert.Equal((made.Id, "refused"), (line.GetProperty("id").GetString(), line.GetProperty("lease").GetString()));
        Assert.NotNull(line.GetProperty("barred_until").GetString());
        Assert.True(line.GetProperty("stall_milliseconds").GetInt64() > Budget.TotalMilliseconds);
        var replicas = (await Warder.Get("/nodes")).Is(200)
            .Data.Where(static node => node.GetProperty("kind").GetString() == "replica").ToLookup(
            static node => node.GetProperty("management_key_id").GetString());
        Assert.All(replicas[made.Id], static node => Assert.Equal("refused", node.GetProperty("lease").GetString()));
        Assert.All(replicas[made.Id], static node => Assert.NotNull(node.GetProperty("barred_until").GetString()));
        Assert.Equal(
            "held",
            Assert.Single(replicas.Where(each => each.Key != made.Id).SelectMany(static each => each)).GetProperty("lease").GetString());
        Assert.True(honest.Health.Lease > TimeSpan.Zero);
        Assert.Contains(
            (await Warder.Get("/receipts?limit=100")).Is(200)
                .Data.SelectMany(static receipt => receipt.GetProperty("verifiers").EnumerateArray()),
            each => each.TryGetProperty("management_key_id", out var id) && id.GetString() == made.Id);
    }

    [Fact]
    public async Task One_that_is_lost_costs_its_lease_once_and_its_key_is_not_barred()
    {
        await using (var replica = await RawReplica.ConnectAsync(Warder.Address, Key))
            await replica.Join(RawReplica.NewIdentity());
        Assert.True(await RevokeNew() > Lease / 2);
        Assert.True(await RevokeNew() < Lease / 2);
        await using var next = await RawReplica.ConnectAsync(Warder.Address, Key);
        await next.Join(RawReplica.NewIdentity());
    }

    [Fact]
    public async Task Leases_of_unknown_environment_hold_up_every_environment()
    {
        Warder.Node.ReplicaLeases.Inherit(Core.Time.Clock.BootMicroseconds() + 1_000_000);
        var sequence = Warder.Node.ReplicaLeases.Position.Sequence;
        var waits = new[] { 1, 2 }.Select(
            environment => Warder.Node.ReplicaLeases.InForce(sequence, new EnvironmentScope(environment))).ToList();
        Assert.All(waits, static wait => Assert.False(wait.IsCompleted));
        await Task.WhenAll(waits).WaitAsync(Soon);
    }

    private async Task<TimeSpan> RevokeNew()
    {
        var id = (await Warder.Post($"/organizations/{Own.Organization}/api_keys", new { name = "k" })).Is(201).Id;
        return await Timed(() => Revoke(id, null));
    }

    private async Task Revoke(string id, string? key) => (await Warder.Post($"/api_keys/{id}/revoke", key: key)).Is(200);

    private static async Task<TimeSpan> Timed(Func<Task> change)
    {
        var since = Stopwatch.StartNew();
        await change();
        return since.Elapsed;
    }
}
