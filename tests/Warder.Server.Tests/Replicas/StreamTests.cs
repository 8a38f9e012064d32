using System.Net.WebSockets;
using System.Text;
using Warder.Client;
using Warder.Contracts.Keys;
using Warder.Core.Secrets;
using Warder.Protocol;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Replicas;

/// <summary>The callers that may open a stream, its messages, and its effects on the server.</summary>
public sealed class StreamTests() : FollowedServer("keys:validate")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Without_the_right_there_is_no_stream()
    {
        Assert.Equal(
            "401", (await Assert.ThrowsAsync<InvalidOperationException>(() => RawReplica.ConnectAsync(Warder.Address, "wdrm_x"))).Message);
        var other = await Warder.Grant(null, "keys:read", "replicas:preload");
        Assert.Equal(
            "403", (await Assert.ThrowsAsync<InvalidOperationException>(() => RawReplica.ConnectAsync(Warder.Address, other))).Message);
        await using var verifier = new WarderVerifier(
            new WarderVerifierOptions { Nodes = [new Uri(Warder.Address)], ManagementKey = other });
        Assert.Equal(DecisionCode.Unavailable, (await verifier.ValidateAsync(new SecretString(Own.KeyValue))).Code);
        Assert.Equal(Client.Replicas.VerifierState.Unauthorized, verifier.Health.State);
        (await Warder.Get("/replicas/stream")).Is(426);
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("withdraw")]
    public async Task When_its_management_key_or_the_right_has_ended_nothing_is_validated_any_more(string how)
    {
        var made = (await Warder.Post("/management_keys", new { name = "n", rights = new[] { "keys:validate" } })).Is(201);
        await using var verifier = await Replica.ReadyAsync(Warder.Address, made.Value);
        Assert.True((await verifier.ValidateAsync(new SecretString(Own.KeyValue))).IsAllowed);
        var change = how == "revoke" ? Warder.Post($"/management_keys/{made.Id}/revoke") : Warder.Patch(
            $"/management_keys/{made.Id}", new { rights = new[] { "keys:read" } });
        (await change).Is(200);
        Assert.Equal(DecisionCode.Unavailable, (await verifier.ValidateAsync(new SecretString(Own.KeyValue))).Code);
    }

    [Fact]
    public async Task Who_does_not_listen_to_the_end_of_its_management_key_is_waited_for_and_told_nothing_more()
    {
        var made = (await Warder.Post("/management_keys", new { name = "n", rights = new[] { "keys:validate" } })).Is(201);
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, made.Value);
        var identity = RawReplica.NewIdentity();
        var place = (await replica.Join(identity)).Delta.Place;
        var change = Warder.Post($"/management_keys/{made.Id}/revoke");
        Assert.Equal(CloseReasons.Unauthorized, (await replica.Receive<StreamClose>()).Code);
        await replica.Send(new Acknowledgement(long.MaxValue - 1));
        await replica.Send(new KeyQuestions([new KeyQuestion(1, Own.KeyValue)]));
        await replica.Send(new LeaseRequest(identity, "raw", place));
        Assert.Null(Assert.Single((await replica.Receive<KeyAnswers>()).Answers).Key);
        Assert.False(change.IsCompleted);
        await replica.Send(new LeaseRelease());
        (await change).Is(200);
    }

    [Fact]
    public async Task Of_another_environment_nothing_is_told()
    {
        var elsewhere = await Warder.AddEnvironment("other");
        var there = await Fixture.MakeAsync(Warder, elsewhere, "b");
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Join(RawReplica.NewIdentity());
        await replica.Send(new KeyQuestions([new KeyQuestion(1, there.KeyValue), new KeyQuestion(2, Own.KeyValue)]));
        var answers = (await replica.Receive<KeyAnswers>()).Answers;
        Assert.Equal(("wrong_environment", null), (answers[0].Code, answers[0].Key));
        Assert.Equal(Own.Key, answers[1].Key?.Id);

        // The replica receives nothing about the change, so it has nothing to acknowledge.
        (await Warder.Post($"/api_keys/{there.Key}/revoke", null, elsewhere)).Is(200);
        var change = Warder.Post($"/api_keys/{Own.Key}/revoke");
        var news = Assert.IsType<LogDelta>(await replica.Receive());
        Assert.StartsWith($"keys.key {Own.Key} ", Assert.Single(news.Events).CacheDeltas, StringComparison.Ordinal);
        await replica.Send(new Acknowledgement(news.Place.Sequence));
        (await change).Is(200);
    }

    [Fact]
    public async Task Unknown_malformed_and_management_tokens_are_told_as_a_validation_tells_them()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        async Task<string> Decide(string value) => (await verifier.ValidateAsync(new SecretString(value))).Code;
        foreach (var value in new[] { "x", Own.KeyValue[..^1] + "!", Warder.Key, "wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17" })
            Assert.Equal(await Warder.Decide(value), await Decide(value));
    }

    [Fact]
    public async Task Garbage_ends_the_stream_and_disturbs_nobody()
    {
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        var megabytes = new byte[10 << 20];
        new Random(1).NextBytes(megabytes);
        (byte[] Message, WebSocketMessageType Type)[] garbage =
        [
            (megabytes, WebSocketMessageType.Binary),
            (Encoding.ASCII.GetBytes(new string('x', 10 << 20)), WebSocketMessageType.Text),
            ("{"u8.ToArray(), WebSocketMessageType.Text),
            ("null"u8.ToArray(), WebSocketMessageType.Text),
            ("{\"type\":\"lease_request\"}"u8.ToArray(), WebSocketMessageType.Text),
            ("{\"type\":\"lease_request\",\"identity\":\"short\",\"name\":\"n\",\"has\":null}"u8.ToArray(), WebSocketMessageType.Text),
            ("{\"type\":\"what\"}"u8.ToArray(), WebSocketMessageType.Text),
            ("{\"type\":\"questions\",\"questions\":[]}"u8.ToArray(), WebSocketMessageType.Text),
            ([0xFF, 0xFE, 0x00], WebSocketMessageType.Text),
        ];
        foreach (var (message, type) in garbage)
        {
            await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
            try
            {
                await replica.Send(message, type);
            }
            catch (WebSocketException)
            {
                // The server did not wait for the end of the lease.
            }

            Assert.Null(await replica.Receive());
        }

        Assert.True((await verifier.ValidateAsync(new SecretString(Own.KeyValue))).IsAllowed);
        (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200);
        Assert.Equal(DecisionCode.Revoked, (await verifier.ValidateAsync(new SecretString(Own.KeyValue))).Code);
    }

    [Fact]
    public async Task A_replica_that_sends_requests_without_reading_loses_its_connection()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Join(RawReplica.NewIdentity());
        var questions = new KeyQuestions([.. Enumerable.Range(0, 100).Select(number => new KeyQuestion(number, Own.KeyValue))]);
        var sending = Task.Run(async () =>
        {
            while (true)
                await replica.Send(questions);
        });
        await Assert.ThrowsAnyAsync<Exception>(() => sending.WaitAsync(Soon));
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        Assert.True((await verifier.ValidateAsync(new SecretString(Own.KeyValue))).IsAllowed);
    }

    [Fact]
    public async Task A_node_that_stops_waits_for_no_lease_that_was_given_up()
    {
        // Long enough to distinguish a wait for the end of the lease from a slow machine.
        const int LeaseMilliseconds = 20_000;
        await Warder.RestartAsync(LeaseMilliseconds);
        for (var round = 0; round < 8; round++)
        {
            await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
            Assert.True((await verifier.ValidateAsync(new SecretString(Own.KeyValue))).IsAllowed);
            var since = System.Diagnostics.Stopwatch.StartNew();
            await Warder.RestartAsync(LeaseMilliseconds);
            Assert.InRange(since.Elapsed.TotalMilliseconds, 0, LeaseMilliseconds / 2);
        }
    }
}
