using System.Diagnostics;
using Warder.Protocol;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Replicas;

/// <summary>The leases that a change waits for, seen by a replica that sends nothing by itself.</summary>
public sealed class GrantTests() : FollowedServer("keys:validate")
{
    // A node's lease is 1.8 s; a node among several has used up to a quarter of it when it grants.
    private static readonly TimeSpan LeastOfALease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostOfALease = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan NoTime = TimeSpan.FromMilliseconds(800);

    private readonly string identity = RawReplica.NewIdentity();

    [Fact]
    public async Task A_change_waits_for_the_acknowledgement_and_no_longer()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Join(identity);
        var change = Timed(Revoke(Own.Key));
        var news = await replica.Receive<LogDelta>();
        Assert.Contains(Own.Key, Assert.Single(news.Events).CacheDeltas, StringComparison.Ordinal);
        Assert.False(change.IsCompleted);
        await replica.Send(new Acknowledgement(news.Place.Sequence));
        Assert.InRange(await change, TimeSpan.Zero, NoTime);
    }

    [Fact]
    public async Task One_that_does_not_acknowledge_costs_the_rest_of_its_lease_once()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Join(identity);
        Assert.InRange(await Timed(Revoke(Own.Key)), LeastOfALease, MostOfALease);
        Assert.InRange(await Timed(Revoke(Own.UserKey)), TimeSpan.Zero, NoTime);
    }

    [Fact]
    public async Task An_answer_that_it_is_so_already_waits_as_the_change_does()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Join(identity);
        var change = Revoke(Own.Key);
        await replica.Receive<LogDelta>();
        Assert.InRange(await Timed(Revoke(Own.Key)), LeastOfALease, MostOfALease);
        await change;
    }

    [Fact]
    public async Task A_lease_outlives_its_connection()
    {
        await using (var replica = await RawReplica.ConnectAsync(Warder.Address, Key))
            await replica.Join(identity);
        Assert.InRange(await Timed(Revoke(Own.Key)), LeastOfALease, MostOfALease);
    }

    [Fact]
    public async Task A_change_does_not_wait_for_a_replica_that_released_its_lease()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Join(identity);
        var change = Timed(Revoke(Own.Key));
        await replica.Receive<LogDelta>();
        await replica.Send(new LeaseRelease());
        Assert.InRange(await change, TimeSpan.Zero, NoTime);
    }

    [Fact]
    public async Task An_acknowledgement_counts_on_the_last_connection_only()
    {
        await using var before = await RawReplica.ConnectAsync(Warder.Address, Key);
        var place = (await before.Join(identity)).Delta.Place;
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Join(identity, place);
        var change = Timed(Revoke(Own.Key));
        var news = await replica.Receive<LogDelta>();
        try
        {
            await before.Send(new Acknowledgement(news.Place.Sequence));
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // The connection is already broken.
        }

        Assert.InRange(await change, LeastOfALease, MostOfALease);
    }

    [Fact]
    public async Task A_replica_that_comes_back_gets_the_missed_events_and_its_acknowledgement_counts()
    {
        LogPlace place;
        await using (var replica = await RawReplica.ConnectAsync(Warder.Address, Key))
            place = (await replica.Join(identity)).Delta.Place;
        var changes = Warder.Changes;
        var change = Timed(Revoke(Own.Key));
        await Eventually.Holds(() => Task.FromResult(Warder.Changes > changes), MostOfALease, "It was not committed.");
        await using var again = await RawReplica.ConnectAsync(Warder.Address, Key);
        var grant = Assert.IsType<LeaseGrant>(await again.RequestLease(identity, place));
        Assert.False(grant.Reset);
        Assert.Contains(Own.Key, Assert.Single(grant.Delta.Events).CacheDeltas, StringComparison.Ordinal);
        Assert.False(change.IsCompleted);
        await again.Send(new Acknowledgement(grant.Delta.Place.Sequence));
        Assert.InRange(await change, TimeSpan.Zero, MostOfALease / 2);
    }

    [Fact]
    public async Task One_that_asks_on_and_does_not_acknowledge_holds_nobody_up_and_is_refused_in_the_end()
    {
        LogPlace? place = null;
        LeaseRefusal? last = null;
        foreach (var (id, code) in new[] { (Own.Key, LeaseRefusals.Behind), (Own.UserKey, LeaseRefusals.Barred) })
        {
            await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
            place = (await replica.Join(identity, place)).Delta.Place;
            var change = Timed(Revoke(id));
            await replica.Receive<LogDelta>();
            await Eventually.Holds(
                async () => (last = await replica.RequestLease(identity, place) as LeaseRefusal)?.Code == code, 2 * MostOfALease,
                "It is granted leases on and on.");
            if (code == LeaseRefusals.Barred)
                await IsBarredOverAnotherConnection(last!, place);
            Assert.InRange(await change, TimeSpan.Zero, MostOfALease);
        }

        foreach (var id in new[] { Own.Key, Own.UserKey })
        {
            var line = (await Warder.Get("/receipts?subject_id=" + id)).Is(200).Data[0].GetProperty("verifiers").EnumerateArray().Last();
            Assert.Equal("raw", line.GetProperty("name").GetString());
            Assert.Contains(line.GetProperty("outcome").GetString(), (string[])["lease_ran_out", "renewed_past"]);
        }

        // Every replica of the same management key is barred, and no other one.
        await using var same = await RawReplica.ConnectAsync(Warder.Address, Key);
        Assert.Equal(LeaseRefusals.Barred, Assert.IsType<LeaseRefusal>(await same.RequestLease(RawReplica.NewIdentity(), place)).Code);
        await using var other = await RawReplica.ConnectAsync(Warder.Address, await Warder.Grant(null, "keys:validate"));
        await other.Join(RawReplica.NewIdentity(), place);
    }

    // For a minute.
    private async Task IsBarredOverAnotherConnection(LeaseRefusal refusal, LogPlace place)
    {
        var since = Stopwatch.StartNew();
        Assert.InRange(refusal.RetryAfterMilliseconds, 1, 60_000);
        await using var barred = await RawReplica.ConnectAsync(Warder.Address, Key);
        var answer = await barred.RequestLease(identity, place);
        Assert.True(
            answer is LeaseRefusal { Code: LeaseRefusals.Barred } || since.ElapsedMilliseconds > refusal.RetryAfterMilliseconds,
            $"{answer}");
    }

    [Fact]
    public async Task A_log_of_another_past_is_told_apart()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        var place = (await replica.Join(identity)).Delta.Place;
        await Revoked(replica);
        foreach (var other in new[] { place with { Hash = new byte[32] }, place with { Sequence = place.Sequence + 1_000 } })
        {
            await using var stranger = await RawReplica.ConnectAsync(Warder.Address, Key);
            Assert.Equal(
                CloseReasons.AnotherLog, Assert.IsType<StreamClose>(await stranger.RequestLease(RawReplica.NewIdentity(), other)).Code);
        }

        await using var known = await RawReplica.ConnectAsync(Warder.Address, Key);
        Assert.False(Assert.IsType<LeaseGrant>(await known.RequestLease(RawReplica.NewIdentity(), place)).Reset);
    }

    private async Task Revoked(RawReplica replica)
    {
        var change = Revoke(Own.Key);
        await replica.Send(new Acknowledgement((await replica.Receive<LogDelta>()).Place.Sequence));
        await change;
    }

    private async Task Revoke(string id) => (await Warder.Post($"/api_keys/{id}/revoke")).Is(200);

    private static async Task<TimeSpan> Timed(Task change)
    {
        var since = Stopwatch.StartNew();
        await change;
        return since.Elapsed;
    }
}
