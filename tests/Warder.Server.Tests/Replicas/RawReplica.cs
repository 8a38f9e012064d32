using System.Net.WebSockets;
using System.Text.Json;
using Warder.Protocol;

namespace Warder.Server.Tests.Replicas;

/// <summary>Sends a test's messages as a replica, and nothing by itself.</summary>
internal sealed class RawReplica : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket socket;

    private RawReplica(ClientWebSocket socket) => this.socket = socket;

    public static string NewIdentity() => Guid.NewGuid().ToString("N");

    public static async Task<RawReplica> ConnectAsync(string address, string managementKey)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + managementKey);
        socket.Options.CollectHttpResponseDetails = true;
        var node = new UriBuilder(address) { Scheme = "ws", Path = "/replicas/stream" };
        try
        {
            await socket.ConnectAsync(node.Uri, default).WaitAsync(Patience);
        }
        catch (WebSocketException e)
        {
            throw new InvalidOperationException(
                ((int)socket.HttpStatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture), e);
        }

        return new RawReplica(socket);
    }

    /// <summary>The reason that the server closed the connection with; null when it did not close it, or aborted it.</summary>
    public string? CloseReason { get; private set; }

    /// <summary>The status that the server closed the connection with.</summary>
    public WebSocketCloseStatus? CloseStatus { get; private set; }

    public Task Send(ReplicaMessage message) => Send(JsonSerializer.SerializeToUtf8Bytes(message, ProtocolJson.Wire.ReplicaMessage));

    public Task Send(byte[] message, WebSocketMessageType type = WebSocketMessageType.Text) => SendPart(message, isLast: true, type);

    public Task SendPart(byte[] part, bool isLast, WebSocketMessageType type = WebSocketMessageType.Text)
        => socket.SendAsync(part, type, isLast, default).WaitAsync(Patience);

    /// <summary>Reads the next message.</summary>
    /// <returns>The message; null when the connection is over.</returns>
    public async Task<NodeMessage?> Receive()
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer, default).WaitAsync(Patience);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    (CloseStatus, CloseReason) = (part.CloseStatus, part.CloseStatusDescription);
                    return null;
                }

                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                    return JsonSerializer.Deserialize(message.ToArray(), ProtocolJson.Wire.NodeMessage);
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    /// <summary>Reads until a message of this kind arrives.</summary>
    public async Task<T> Receive<T>()
        where T : NodeMessage
    {
        while (true)
        {
            var message = await Receive();
            Assert.NotNull(message);
            if (message is T wanted)
                return wanted;
        }
    }

    /// <summary>Requests a lease; returns the answer.</summary>
    public async Task<NodeMessage> RequestLease(string identity, LogPlace? has = null, string name = "raw")
    {
        await Send(new LeaseRequest(identity, name, has));
        while (true)
        {
            var message = await Receive();
            Assert.NotNull(message);
            if (message is LeaseGrant or LeaseRefusal or StreamClose)
                return message;
        }
    }

    /// <summary>Requests a lease, receives it, and acknowledges its place in the log.</summary>
    public async Task<LeaseGrant> Join(string identity, LogPlace? has = null, string name = "raw")
    {
        var grant = Assert.IsType<LeaseGrant>(await RequestLease(identity, has, name));
        await Send(new Acknowledgement(grant.Delta.Place.Sequence));
        return grant;
    }

    public ValueTask DisposeAsync()
    {
        socket.Abort();
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
