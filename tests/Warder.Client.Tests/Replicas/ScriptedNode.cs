using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Protocol;

namespace Warder.Client.Tests.Replicas;

/// <summary>
/// Plays the node of a replica's stream with a test's messages, on a socket of its own: for messages that a node sends only when it fails.
/// </summary>
internal sealed class ScriptedNode : IDisposable
{
    private const string HandshakeSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3.
    private const int TcpMaximumSegment = 2;
    private const int SmallSegmentBytes = 536;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    /// <param name="isNarrow">Whether the pipe to the node is small: soon after the node stops reading, the replica's sends block.</param>
    public ScriptedNode(bool isNarrow = false)
    {
        if (isNarrow)
        {
            listener.Server.ReceiveBufferSize = SmallSegmentBytes;
            listener.Server.SetRawSocketOption((int)ProtocolType.Tcp, TcpMaximumSegment, BitConverter.GetBytes(SmallSegmentBytes));
        }

        listener.Start();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Accepts the next connection of a replica.</summary>
    public async Task<Connection> AcceptAsync()
    {
        var stream = (await listener.AcceptTcpClientAsync().WaitAsync(Patience)).GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var key = "";
        while (await reader.ReadLineAsync().WaitAsync(Patience) is { Length: > 0 } line)
        {
            if (line.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase))
                key = line[(line.IndexOf(':') + 1)..].Trim();
        }

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept:"
                    + $" {Accept(key)}\r\n\r\n"));
        return new Connection(WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true }));
    }

    public void Dispose() => listener.Dispose();

    [SuppressMessage(
        "Security", "CA5350", Justification = "RFC 6455, section 1.3, defines the handshake so, and it protects nothing.")]
    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + HandshakeSuffix)));

    /// <summary>One connection.</summary>
    internal sealed class Connection(WebSocket socket) : IDisposable
    {
        private const int TermMilliseconds = 20_000;
        private static readonly LogPlace Place = new(5, new byte[32]);
        private static readonly string Organization = Id.New(IdKind.Organization, Clock.System.Now(), Entropy.System);
        private bool granted;

        public Task Send(NodeMessage message)
            => socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(message, ProtocolJson.Wire.NodeMessage), WebSocketMessageType.Text, true,
                default).WaitAsync(Patience);

        /// <summary>
        /// Answers requests until a message of a kind arrives, at a time when the given task is done. Returns it with all others received;
        /// without it, if the connection is over.
        /// </summary>
        public async Task<List<ReplicaMessage>> Until<T>(Task? after = null)
            where T : ReplicaMessage
        {
            var seen = new List<ReplicaMessage>();
            while (await Receive() is { } message)
            {
                switch (message)
                {
                    case LeaseRequest:
                        await Send(
                            new LeaseGrant(
                                TermMilliseconds * 1_000L, TermMilliseconds, Reset: !granted,
                                new LogDelta(granted ? Place.Sequence : 0, [], Place), Clock.System.Now().UnixMilliseconds, Forms: null));
                        granted = true;
                        break;
                    case KeyQuestions lookups:
                        await Send(
                            new KeyAnswers([.. lookups.Questions.Select(static question => new KeyAnswer(question.Number, null, Key()))]));
                        break;
                    default:
                        seen.Add(message);
                        break;
                }

                if (message is T && after is not { IsCompleted: false })
                    break;
            }

            return seen;
        }

        public void Dispose() => socket.Dispose();

        private async Task<ReplicaMessage?> Receive()
        {
            using var message = new MemoryStream();
            var buffer = new byte[16 * 1024];
            try
            {
                while (true)
                {
                    var part = await socket.ReceiveAsync(buffer, default).WaitAsync(Patience);
                    if (part.MessageType == WebSocketMessageType.Close)
                        return null;
                    message.Write(buffer, 0, part.Count);
                    if (part.EndOfMessage)
                        return JsonSerializer.Deserialize(message.ToArray(), ProtocolJson.Wire.ReplicaMessage);
                }
            }
            catch (WebSocketException)
            {
                return null;
            }
        }

        // Another key each time: a replica that looks up that many tokens holds as many keys.
        private static ReplicaKey Key() => new()
        {
            AsOf = Place.Sequence, RequiredLevel = 1, Id = Id.New(IdKind.ApiKey, Clock.System.Now(), Entropy.System), SecretNumber = 1,
            Organization = new ReplicaSubject(Organization, Ended: false),
            Membership = null, GrantNumber = 1, Permissions = [], State = 0, Suspended = false, SecretEnded = false, ExpiresAt = null,
            SecretEndsAt = null, CreatedAt = 0, UpdatedAt = 0,
            LastUsedAt = null, Name = "k", ObfuscatedValue = "v",
        };
    }
}
