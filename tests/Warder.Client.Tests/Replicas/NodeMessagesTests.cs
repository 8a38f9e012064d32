using System.Text;
using System.Text.Json;
using Warder.Client.Replicas;
using Warder.Protocol;

namespace Warder.Client.Tests.Replicas;

public sealed class NodeMessagesTests
{
    [Theory]
    [InlineData("""{"type":"something_new"}""")]
    [InlineData("""{"type":"something_new","number":1,"inner":{"place":{"sequence":1}}}""")]
    [InlineData("""{"number":[{"delta":1}],"type":"something_new"}""")]
    public void An_unknown_type_that_carries_no_place_in_the_log_is_skipped(string json)
        => Assert.False(NodeMessages.TryRead(Encoding.UTF8.GetBytes(json), out _));

    [Theory]
    [InlineData("""{"type":"something_new","place":{"sequence":1,"hash":""}}""")]
    [InlineData("""{"place":null,"type":"something_new"}""")]
    [InlineData("""{"type":"something_new","delta":{"after":0,"events":[],"place":{"sequence":1,"hash":""}}}""")]
    [InlineData("""{}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("""[]""")]
    [InlineData("""{"type":"something_new" """)]
    public void Anything_else_that_is_not_understood_ends_the_stream(string json)
        => Assert.ThrowsAny<Exception>(() => NodeMessages.TryRead(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void A_known_message_is_read()
    {
        Assert.True(NodeMessages.TryRead("""{"type":"close","code":"stopping"}"""u8, out var message));
        Assert.Equal(new StreamClose("stopping"), message);
        Assert.Throws<JsonException>(() => NodeMessages.TryRead("""{"type":"close"}"""u8, out _));
    }
}
