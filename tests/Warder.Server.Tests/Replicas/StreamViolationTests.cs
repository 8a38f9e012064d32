using System.Net.WebSockets;
using System.Text;
using Warder.Protocol;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Replicas;

/// <summary>A protocol violation on a stream makes the server close that connection with the reason, and has no other effect.</summary>
public sealed class StreamViolationTests() : FollowedServer("keys:validate")
{
    private const string Identity = "0123456789abcdef0123456789abcdef";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("{}", "malformed_message")]
    [InlineData("null", "malformed_message")]
    [InlineData("[]", "malformed_message")]
    [InlineData("1e999999999", "malformed_message")]
    [InlineData("", "malformed_message")]
    [InlineData("{\"type\":null}", "malformed_message")]
    [InlineData("{\"type\":7}", "malformed_message")]
    [InlineData("{\"type\":\"what\"}", "malformed_message")]
    [InlineData("{\"type\":\"delta\",\"after\":0,\"events\":[],\"place\":null}", "malformed_message")]
    [InlineData("{\"type\":\"questions\",\"questions\":null}", "malformed_message")]
    [InlineData("{\"type\":\"questions\",\"questions\":[null]}", "malformed_message")]
    [InlineData("{\"type\":\"questions\",\"questions\":[{\"number\":1,\"value\":null}]}", "malformed_message")]
    [InlineData("{\"type\":\"questions\",\"questions\":[{\"number\":1e400,\"value\":\"x\"}]}", "malformed_message")]
    [InlineData("{\"type\":\"questions\",\"questions\":[{\"number\":9223372036854775808,\"value\":\"x\"}]}", "malformed_message")]
    [InlineData("{\"type\":\"uses\",\"uses\":[null]}", "malformed_message")]
    [InlineData("{\"type\":\"uses\",\"uses\":{}}", "malformed_message")]
    [InlineData("{\"type\":\"decision_counts\",\"counts\":null}", "malformed_message")]
    [InlineData("{\"type\":\"decision_counts\",\"counts\":{\"allowed\":null}}", "malformed_message")]
    [InlineData("{\"type\":\"lease_request\",\"identity\":\"\\ud800\",\"name\":\"n\",\"has\":null}", "malformed_message")]
    [InlineData("{\"type\":\"lease_request\",\"identity\":\"0123456789ABCDEF0123456789ABCDEF\",\"name\":\"n\",\"has\":null}",
        "invalid_identity")]
    [InlineData("{\"type\":\"lease_request\",\"identity\":\"" + Identity + "\",\"name\":\"\",\"has\":null}", "invalid_name")]
    [InlineData("{\"type\":\"lease_request\",\"identity\":\"" + Identity + "\",\"name\":\"caf\u00e9\",\"has\":null}", "invalid_name")]
    [InlineData("{\"type\":\"lease_request\",\"identity\":\"" + Identity + "\",\"name\":\"a\\nb\",\"has\":null}", "invalid_name")]
    [InlineData("{\"type\":\"lease_request\",\"identity\":\"" + Identity
        + "\",\"name\":\"12345678901234567890123456789012345678901234567890123456789012345\",\"has\":null}", "invalid_name")]
    [InlineData("{\"type\":\"lease_request\",\"identity\":\"" + Identity + "\",\"name\":\"n\",\"has\":{\"sequence\":1,\"hash\":null}}",
        "malformed_message")]
    public async Task A_message_that_the_protocol_does_not_have_closes_the_connection_and_the_close_says_why(string message, string reason)
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        await replica.Send(Encoding.UTF8.GetBytes(message));
        await IsClosed(replica, WebSocketCloseStatus.PolicyViolation, reason);
    }

    [Fact]
    public async Task Binary_overlong_and_ill_formed_text_and_deep_nesting_close_it_too()
    {
        await using var binary = await RawReplica.ConnectAsync(Warder.Address, Key);
        await binary.Send("{}"u8.ToArray(), WebSocketMessageType.Binary);
        await IsClosed(binary, WebSocketCloseStatus.InvalidMessageType, "not_text");

        await using var endless = await RawReplica.ConnectAsync(Warder.Address, Key);
        for (var part = 0; part < 64; part++)
            await endless.SendPart(Encoding.ASCII.GetBytes(new string(' ', 2_048)), isLast: false);
        await IsClosed(endless, WebSocketCloseStatus.MessageTooBig, "message_too_long");

        await using var deep = await RawReplica.ConnectAsync(Warder.Address, Key);
        await deep.Send(Encoding.ASCII.GetBytes("{\"type\":\"uses\",\"uses\":" + new string('[', 60_000)));
        await IsClosed(deep, WebSocketCloseStatus.PolicyViolation, "malformed_message");

        await using var illFormed = await RawReplica.ConnectAsync(Warder.Address, Key);
        await illFormed.Send([(byte)'"', 0xC3, 0x28, (byte)'"']);
        Assert.Null(await illFormed.Receive());
    }

    [Fact]
    public async Task More_lookups_than_may_be_pending_close_it()
    {
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
        var many = new KeyQuestions([.. Enumerable.Range(0, 100).Select(static number => new KeyQuestion(number, new string('x', 512)))]);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 100_000; i++)
                await replica.Send(many);
        });
        var closing = Task.Run(async () =>
        {
            // The replica reads nothing: answers pile up, and then lookups.
            await Task.WhenAny(sending);
            while (await replica.Receive() is not null)
            {
            }
        });
        await closing.WaitAsync(Soon + Soon);
        await Eventually.Holds(
            () => Task.FromResult(Warder.Node.Streams is { Bytes.Used: 0, Places.Used: 0 }), Soon, "What was held was not given back.");
    }

    [Fact]
    public async Task A_stream_whose_management_key_expires_ends_though_it_asks_for_nothing()
    {
        var expires = DateTimeOffset.UtcNow.AddSeconds(4);
        var made = (await Warder.Post(
            "/management_keys", new { name = "n", rights = new[] { "keys:validate" }, expires_at = expires })).Is(201);
        await using var replica = await RawReplica.ConnectAsync(Warder.Address, made.Value);
        await replica.Join(RawReplica.NewIdentity());
        Assert.Equal(CloseReasons.Unauthorized, (await replica.Receive<StreamClose>()).Code);
        Assert.True(DateTimeOffset.UtcNow > expires);
        while (await replica.Receive() is not null)
        {
        }

        await Eventually.Holds(() => Task.FromResult(Warder.Node.Streams.Places.Used == 0), Soon, "It was not ended.");
    }

    private static async Task IsClosed(RawReplica replica, WebSocketCloseStatus status, string reason)
    {
        Assert.Null(await replica.Receive());
        Assert.Equal((status, reason), (replica.CloseStatus, replica.CloseReason));
    }
}
