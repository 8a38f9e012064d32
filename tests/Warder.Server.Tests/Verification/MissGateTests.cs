using Warder.Engine.Hosting;
using Warder.Engine.Verification;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Verification;

/// <summary>The server looks up a few missing keys at a time, and one environment's flood of them waits behind itself.</summary>
public sealed class MissGateTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly FaultHooks Patient = new() { MostMissWait = Long };

    [Fact]
    public async Task One_environment_has_half_of_the_places_and_others_find_theirs()
    {
        var gate = new MissGate(Long);
        for (var i = 0; i < MissGate.MostRunningOfEnvironment; i++)
            Assert.True(gate.TryEnter(1));
        Assert.False(gate.TryEnter(1));
        var waiting = gate.EnterAsync(1);
        Assert.False(waiting.IsCompleted);
        Assert.True(gate.TryEnter(2));
        gate.Leave(1);
        Assert.True(await waiting);
        gate.Leave(2);
        Assert.False(gate.TryEnter(1));
    }

    [Fact]
    public async Task What_is_too_much_of_one_environment_is_refused_and_anothers_turn_comes_next()
    {
        var gate = new MissGate(Long);
        foreach (var environment in (int[])[1, 2])
        {
            for (var i = 0; i < MissGate.MostRunningOfEnvironment; i++)
                Assert.True(gate.TryEnter(environment));
        }

        var flood = Enumerable.Range(0, MissGate.MostWaitingOfEnvironment).Select(_ => gate.EnterAsync(1)).ToList();
        Assert.False(await gate.EnterAsync(1));
        Assert.Equal(1, gate.Refused);
        var other = gate.EnterAsync(3);
        gate.Leave(2);
        // The flood has its half: the free place goes to the other environment, though its request came last.
        Assert.True(await other);
        Assert.DoesNotContain(flood, static task => task.IsCompleted);
        gate.Leave(1);
        Assert.True(await flood[0]);
    }

    [Fact]
    public async Task Waiting_requests_hold_no_more_bytes_than_the_bound_and_give_them_back()
    {
        const int Body = 1 << 20;
        var gate = new MissGate(Long);
        for (var i = 0; i < MissGate.MostRunningOfEnvironment; i++)
            Assert.True(gate.TryEnter(1));
        var most = (int)(MissGate.MostWaitingBytesOfEnvironment / Body);
        var waiting = Enumerable.Range(0, most).Select(_ => gate.EnterAsync(1, Body)).ToList();
        Assert.False(await gate.EnterAsync(1, 1));
        Assert.Equal(1, gate.Refused);
        gate.Leave(1);
        Assert.True(await waiting[0]);
        Assert.False(gate.EnterAsync(1, Body).IsCompleted);
        Assert.Equal(most, gate.Waiting);
    }

    [Fact]
    public async Task A_request_that_gets_no_place_in_time_is_refused_while_every_place_is_held()
    {
        var gate = new MissGate(TimeSpan.FromMilliseconds(20));
        for (var i = 0; i < MissGate.MostRunningOfEnvironment; i++)
            Assert.True(gate.TryEnter(1));
        Assert.DoesNotContain(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gate.EnterAsync(1, 100))), static entered => entered);
        Assert.Equal((10, 0), (gate.Refused, gate.Waiting));

        // A refused request has left its place in the line, and its bytes.
        gate.Leave(1);
        Assert.True(gate.TryEnter(1));
        var most = (int)MissGate.MostWaitingBytesOfEnvironment;
        var next = gate.EnterAsync(1, most);
        gate.Leave(1);
        Assert.True(await next);
    }

    [Fact]
    public async Task A_flood_of_unknown_keys_gets_its_own_refusal_and_another_environment_is_answered()
    {
        await using var warder = await RunningWarder.StartAsync(interference: Patient);
        var other = await warder.AddEnvironment("other");
        var organization = (await warder.Post("/organizations", new { name = "o" }, other)).Is(201).Id;
        var value = (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" }, other)).Is(201).Value;
        var gate = warder.Node.Validator.Misses;
        for (var i = 0; i < MissGate.MostRunningOfEnvironment; i++)
            Assert.True(gate.TryEnter(1));
        var unknown = await warder.Grant(null, "keys:validate");
        const string token = "wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
        var waiting = warder.Post("/api_keys/validations", new { value = token }, unknown);
        await Eventually.Holds(() => Task.FromResult(gate.Waiting == 1), TimeSpan.FromSeconds(30), "It does not wait.");
        var waitingBatch = warder.Post(
            "/api_keys/validations/batch", new { validations = new[] { new { value = token }, new { value = token } } }, unknown);
        await Eventually.Holds(() => Task.FromResult(gate.Waiting == 2), TimeSpan.FromSeconds(30), "It does not wait.");
        var flood = Enumerable.Range(0, MissGate.MostWaitingOfEnvironment - 2).Select(_ => gate.EnterAsync(1)).ToList();

        var refused = (await warder.Post("/api_keys/validations", new { value = token }, unknown)).Is(503);
        Assert.Equal("unavailable", refused.Code);
        Assert.Contains("this environment", refused.Text, StringComparison.Ordinal);
        // A value without the form of a key is not looked up.
        Assert.Contains(
            "malformed", (await warder.Post("/api_keys/validations", new { value = "no key" }, unknown)).Is(200).Text,
            StringComparison.Ordinal);
        Assert.Contains(
            "allowed", (await warder.Post("/api_keys/validations", new { value }, other)).Is(200).Text, StringComparison.Ordinal);

        for (var i = 0; i < MissGate.MostRunningOfEnvironment; i++)
            gate.Leave(1);
        Assert.Contains("not_found", (await waiting).Is(200).Text, StringComparison.Ordinal);
        Assert.Equal(2, (await waitingBatch).Is(200).Json.GetProperty("results").GetArrayLength());
        foreach (var entered in flood)
        {
            Assert.True(await entered);
            gate.Leave(1);
        }
    }

    [Fact]
    public async Task A_request_is_refused_after_its_management_key_ended_while_it_waited()
    {
        await using var warder = await RunningWarder.StartAsync(interference: Patient);
        var key = await warder.Grant(null, "keys:validate");
        var id = (await warder.Get("/management_keys?limit=1")).Is(200).Ids[0];
        var gate = warder.Node.Validator.Misses;
        for (var i = 0; i < MissGate.MostRunningOfEnvironment; i++)
            Assert.True(gate.TryEnter(1));
        var waiting = warder.Post("/api_keys/validations", new { value = "wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17" }, key);
        await Eventually.Holds(() => Task.FromResult(gate.Waiting == 1), TimeSpan.FromSeconds(30), "It does not wait.");
        (await warder.Post($"/management_keys/{id}/revoke", new { })).Is(200);
        gate.Leave(1);
        (await waiting).Is(401);
    }
}
