using Warder.Core.Management;
using Warder.Engine.Management;
using Warder.Engine.Streams;
using Warder.Protocol;
using Warder.Server.Http;
using Warder.Server.Management;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Replicas;

/// <summary>The bytes and places of a node that one management key's replicas may hold, and that no other key loses.</summary>
public sealed class StreamBudgetTests() : FollowedServer("keys:validate", "replicas:preload")
{
    private const int Permissions = 200;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Answers_that_are_not_read_stay_within_the_bytes_of_a_connection_and_of_a_key()
    {
        var value = await LongKey();
        var unread = new List<RawReplica>();
        var most = 0L;
        // Enough requests to fill a loopback pipe many times over.
        for (var i = 0; i < 40; i++)
        {
            var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
            unread.Add(replica);
            for (var message = 0; message < 20; message++)
                await replica.Send(Distinct(value));
            most = Math.Max(most, Warder.Node.Streams.Bytes.Used);
            Assert.InRange(
                Warder.Node.Streams.Bytes.Used, 0,
                Math.Min((i + 1L) * StreamLimits.StreamBytesPerConnection, StreamLimits.StreamBytesPerManagementKey));
        }

        Assert.True(most > StreamLimits.StreamBytesPerConnection, $"Nothing was held back: {most}.");
        await OthersAreServed(value);
        foreach (var replica in unread)
            await replica.DisposeAsync();
        await Eventually.Holds(
            () => Task.FromResult(Warder.Node.Streams is { Bytes.Used: 0, Places.Used: 0 }), Soon, "What was held was not given back.");
    }

    [Fact]
    public async Task One_that_reads_late_is_answered_all_that_it_asked()
    {
        var value = await LongKey();
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        for (var message = 0; message < 3; message++)
            await replica.Send(Distinct(value));
        var numbers = new List<long>();
        while (numbers.Count < 3 * 100)
            numbers.AddRange((await replica.Receive<KeyAnswers>()).Answers.Select(static answer => answer.Number));
        Assert.Equal(Enumerable.Range(0, 100).SelectMany(static number => new long[] { number, number, number }), numbers.Order());
    }

    [Fact]
    public async Task A_key_is_sent_once_in_a_message()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Send(
            new KeyQuestions(
                [.. Enumerable.Range(0, 100).Select(number => new KeyQuestion(number, Own.KeyValue)), new KeyQuestion(100, "x")]));
        Assert.Null(await replica.Receive());
        Assert.Equal("malformed_message", replica.CloseReason);

        await using var again = await RawReplica.ConnectAsync(Warder.Address, Key);
        await again.Send(
            new KeyQuestions(
                [.. Enumerable.Range(0, 99).Select(number => new KeyQuestion(number, Own.KeyValue)), new KeyQuestion(99, "x")]));
        var answers = (await again.Receive<KeyAnswers>()).Answers;
        Assert.Equal(Own.Key, answers[0].Key?.Id);
        Assert.All(answers.Skip(1).Take(98), static answer => Assert.Equal((null, null, 0), (answer.Key, answer.Code, answer.SameAs)));
        Assert.Equal("malformed", answers[99].Code);
    }

    [Fact]
    public async Task News_beyond_the_bytes_of_its_key_ends_the_connection_and_its_lease_is_waited_for()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Join(RawReplica.NewIdentity());
        var (id, bytes) = (KeyId, Warder.Node.Streams.Bytes);
        await Eventually.Holds(
            () => Task.FromResult(bytes.TryTake(id, Environment, StreamLimits.StreamBytesPerManagementKey) == ShareBound.None), Soon,
            "Something is held.");
        var closed = Warder.Node.Streams.ClosedOverBytes;
        var made = (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200);
        bytes.Return(id, Environment, StreamLimits.StreamBytesPerManagementKey);
        Assert.Null(await replica.Receive());
        Assert.Equal(closed + 1, Warder.Node.Streams.ClosedOverBytes);
        var line = made.Json.GetProperty("receipt").GetProperty("verifiers").EnumerateArray().Last();
        Assert.Equal(("raw", "lease_ran_out"), (line.GetProperty("name").GetString(), line.GetProperty("outcome").GetString()));
    }

    [Theory]
    [InlineData(StreamLimits.ReplicasPerManagementKey - 1, 0, 0, 429, "too_many_replicas_of_key")]
    [InlineData(0, (StreamLimits.ReplicasPerNode / 2) - 1, 0, 429, "too_many_replicas_of_environment")]
    [InlineData(0, 1, (StreamLimits.ReplicasPerNode * 9 / 10) - 2, 503, "too_many_replicas_of_node")]
    public async Task A_connection_without_a_place_is_refused_and_the_refusal_says_which_bound(
        int ofKey, int ofEnvironment, int ofOthers, int status, string code)
    {
        Enter(KeyId, Environment, ofKey);
        Enter("others of the environment", Environment, ofEnvironment);
        for (var environment = 10; ofOthers > 0; environment++)
        {
            var some = Math.Min(ofOthers, 300);
            Enter("others", environment, some);
            ofOthers -= some;
        }

        await using var last = await RawReplica.ConnectAsync(Warder.Address, Key);
        await last.Join(RawReplica.NewIdentity());
        var refused = await Warder.Send(
            "GET", "/replicas/stream", null, Key, ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", Convert.ToBase64String(new byte[16])));
        Assert.Equal((status, code, "1"), (refused.Status, refused.Code, refused.Headers.RetryAfter?.ToString()));
        await last.DisposeAsync();
        await Eventually.Holds(
            async () =>
            {
                try
                {
                    await using var next = await RawReplica.ConnectAsync(Warder.Address, Key);
                    return true;
                }
                catch (InvalidOperationException)
                {
                    return false;
                }
            },
            Soon, "The place was not given back.");
    }

    [Fact]
    public async Task A_management_key_that_comes_as_another_replica_each_time_is_refused_and_no_lease_is_forgotten()
    {
        await Warder.RestartAsync(leaseMilliseconds: 30_000);
        for (var i = 0; i < StreamLimits.ReplicasPerManagementKey; i++)
        {
            await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
            await replica.Join(RawReplica.NewIdentity());
        }

        await using var another = await RawReplica.ConnectAsync(Warder.Address, Key);
        Assert.Equal(LeaseRefusals.Unavailable, Assert.IsType<LeaseRefusal>(await another.RequestLease(RawReplica.NewIdentity())).Code);
        Assert.Equal(StreamLimits.ReplicasPerManagementKey, Warder.Node.ReplicaLeases.Replicas.Count);
        await using var others = await RawReplica.ConnectAsync(Warder.Address, await Warder.Grant(null, "keys:validate"));
        await others.Join(RawReplica.NewIdentity());
    }

    [Fact]
    public async Task A_page_of_a_preload_ends_by_its_bytes_and_no_key_is_left_out()
    {
        await LongKey(60);
        var ids = new List<string>();
        for (string? after = null; ;)
        {
            var page = (await Warder.Get("/replicas/keys" + (after is null ? "" : "?after=" + after), Key)).Is(200);
            Assert.InRange(page.Text.Length, 0, Limits.PreloadedPageBytes + (72 * 1024));
            ids.AddRange(
                page.Json.GetProperty("data").EnumerateArray().Select(
                    static each => each.GetProperty("key").GetProperty("id").GetString()!));
            after = page.Json.GetProperty("after").GetString();
            if (after is null)
                break;
        }

        Assert.Equal(62, ids.Distinct().Count());
        Assert.Equal(62, ids.Count);
        await Eventually.Holds(() => Task.FromResult(Warder.Node.Streams.Bytes.Used == 0), Soon, "A page's bytes were not given back.");
    }

    private int Environment => Warder.Node.Authority.Authenticate("Bearer " + Key, Warder.Node.Clock.Now())!.Caller.Environment;

    private async Task OthersAreServed(string value)
    {
        var other = await Warder.Grant(null, "keys:validate");
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, other);
        await replica.Join(RawReplica.NewIdentity());
        await replica.Send(new KeyQuestions([new KeyQuestion(1, value)]));
        Assert.NotNull(Assert.Single((await replica.Receive<KeyAnswers>()).Answers).Key);
        var change = Warder.Post($"/api_keys/{Own.Key}/revoke");
        var news = await replica.Receive<LogDelta>();
        await replica.Send(new Acknowledgement(news.Place.Sequence));
        (await change).Is(200);
    }

    private void Enter(string keyId, int environment, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var key = keyId.StartsWith("others", StringComparison.Ordinal) ? $"{keyId} {environment} {i / 100}" : keyId;
            Assert.Equal(ShareBound.None, Warder.Node.Streams.TryEnter(new Caller(key, null, environment)));
        }
    }

    private string KeyId => Warder.Node.Authority.Authenticate("Bearer " + Key, Warder.Node.Clock.Now())!.KeyId;

    // Each question names another event, so that each has an answer of its own.
    private static KeyQuestions Distinct(string value)
        => new([.. Enumerable.Range(0, 100).Select(number => new KeyQuestion(number, value, number))]);

    private async Task<string> LongKey(int count = 1)
    {
        var slugs = Enumerable.Range(0, Permissions).Select(
            static number => $"a:permission:of:a:long:name:to:fill:space:{number}").ToList();
        foreach (var slug in slugs)
            (await Warder.Post("/authorization/permissions", new { slug, name = "p" })).Is(201);
        var value = "";
        for (var i = 0; i < count; i++)
            value = (await Warder.Post($"/organizations/{Own.Organization}/api_keys", new { name = "long", permissions = slugs }))
                .Is(201).Value;
        return value;
    }
}
