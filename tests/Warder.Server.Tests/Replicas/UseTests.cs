using Warder.Client;
using Warder.Core.Secrets;
using Warder.Protocol;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Replicas;

/// <summary>The uses of keys that a replica can report.</summary>
public sealed class UseTests() : FollowedServer("keys:validate", "replicas:preload")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_use_counts_with_the_proof_that_the_key_was_sent_and_not_without()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        var key = await Sent(replica, Own.KeyValue);
        foreach (var proof in new[] { 0, key.UseProof + 1, -key.UseProof, long.MaxValue })
            await replica.Send(new KeyUses([new KeyUse(Own.Key, 1, Now, proof)]));
        // The proof of one key proves nothing about another key or another secret.
        await replica.Send(new KeyUses([new KeyUse(Own.UserKey, 1, Now, key.UseProof), new KeyUse(Own.Key, 2, Now, key.UseProof)]));
        await Eventually.Holds(() => Task.FromResult(Warder.Node.Streams.RefusedUses == 6), Soon, "They were not refused.");
        Assert.Null(await LastUse(Own.Key));
        Assert.Null(await LastUse(Own.UserKey));

        await replica.Send(new KeyUses([new KeyUse(Own.Key, key.SecretNumber, Now, key.UseProof)]));
        await Eventually.Holds(async () => await LastUse(Own.Key) is not null, Soon, "It was not written.");
        Assert.Null(await LastUse(Own.UserKey));
        Assert.Equal(6, Warder.Node.Streams.RefusedUses);
    }

    [Fact]
    public async Task The_proof_is_good_for_the_management_key_that_the_key_was_sent_to()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        var key = await Sent(replica, Own.KeyValue);
        await using var other = await RawReplica.ConnectAsync(Warder.Address, await Warder.Grant(null, "keys:validate"));
        await other.Send(new KeyUses([new KeyUse(Own.Key, key.SecretNumber, Now, key.UseProof)]));
        await Eventually.Holds(() => Task.FromResult(Warder.Node.Streams.RefusedUses == 1), Soon, "It was not refused.");
        Assert.Null(await LastUse(Own.Key));
    }

    [Fact]
    public async Task A_time_ahead_of_the_nodes_clock_is_now_and_one_before_the_key_was_issued_is_refused()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        var key = await Sent(replica, Own.KeyValue);
        foreach (var at in new[] { 1, -1, long.MinValue, Now - 86_400_000 })
            await replica.Send(new KeyUses([new KeyUse(Own.Key, key.SecretNumber, at, key.UseProof)]));
        await Eventually.Holds(() => Task.FromResult(Warder.Node.Streams.RefusedUses == 4), Soon, "They were not refused.");
        await replica.Send(new KeyUses([new KeyUse(Own.Key, key.SecretNumber, long.MaxValue, key.UseProof)]));
        await Eventually.Holds(async () => await LastUse(Own.Key) is not null, Soon, "It was not written.");
        Assert.InRange((await LastUse(Own.Key))!.Value, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_replica_was_sent_by_an_answer_or_a_preload_it_reports_with_proof_over_any_connection(bool preload)
    {
        await using (var verifier = await Replica.ReadyAsync(
            new WarderVerifierOptions { Nodes = [new Uri(Warder.Address)], ManagementKey = Key, Preload = preload }))
        {
            Assert.True((await verifier.ValidateAsync(new SecretString(Own.KeyValue))).IsAllowed);
            Assert.Equal(preload ? 0 : 1, verifier.Questions);
        }

        await Eventually.Holds(async () => await LastUse(Own.Key) is not null, Soon, "It was not written.");
        Assert.Equal(0, Warder.Node.Streams.RefusedUses);
    }

    private static async Task<ReplicaKey> Sent(RawReplica replica, string value)
    {
        await replica.Send(new KeyQuestions([new KeyQuestion(1, value)]));
        return Assert.Single((await replica.Receive<KeyAnswers>()).Answers).Key!;
    }

    private async Task<DateTimeOffset?> LastUse(string id)
    {
        await Warder.Node.Usage.FlushAsync();
        return (await Warder.Get("/api_keys/" + id)).Is(200)["last_used_at"] is { } text
            ? DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : null;
    }
}
