using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Warder.Contracts;
using Warder.Contracts.Replicas;
using Warder.Core.Management;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Server.Management;
using Warder.Storage;

namespace Warder.Server.Replicas;

/// <summary>
/// One connection of one replica: a queue in each direction. What is sent is bounded, so that one who does not read loses its connection and holds up nobody else.
/// </summary>
internal sealed class ReplicaStream : IDisposable
{
    // A revocation takes well below a kilobyte; so much is owed only to one that has stopped reading.
    private const int MaxQueuedBytes = 8 << 20;
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    private readonly Node node;
    private readonly WebSocket socket;
    private readonly string? authorization;
    private readonly CancellationTokenSource ended;
    private readonly Caller caller;
    private readonly QuestionDesk desk;
    private readonly Channel<byte[]> outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CatchUp catchUp;
    private readonly Lock order = new();
    private List<byte[]>? held;
    private int queuedBytes;
    private bool isOver;

    private ReplicaStream(Node node, HttpContext http, WebSocket socket, Caller caller)
    {
        (this.node, this.socket, this.caller) = (node, socket, caller);
        authorization = http.Request.Headers.Authorization;
        ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        desk = new QuestionDesk(this, node);
        catchUp = new CatchUp(node);
    }

    /// <summary>By what the book knows the replica; null before it has asked for a lease.</summary>
    public string? Identity { get; private set; }

    /// <summary>The number of the environment whose keys it may know of.</summary>
    public int Environment => caller.Environment;

    /// <summary>Whether it has been told to go.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Serves one connection until it ends.</summary>
    public static async Task Serve(HttpContext http, Node node, Caller caller)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await Refusals.ByStatus(http, 426);
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        using var stream = new ReplicaStream(node, http, socket, caller);
        if (!node.ReplicaLeases.TryAdd(stream))
            return;
        try
        {
            await stream.Run();
        }
        finally
        {
            node.ReplicaLeases.Remove(stream);
        }
    }

    /// <summary>A message as it is sent.</summary>
    public static byte[] Write(NodeMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, WarderJson.Wire.NodeMessage);

    /// <summary>By what the book is to know the replica: another management key's replica of the same identity is another one.</summary>
    public string Identify(LeaseAsk ask) => Identity ??= caller.ManagementKeyId + " " + ask.Identity;

    /// <summary>Whether the management key that it came with is still good for it, as far as memory knows.</summary>
    public bool IsAuthentic() => IsGood(node.Authority.Authenticate(authorization, node.Clock.Now()));

    /// <summary>The same, read from the store where memory cannot be answered from.</summary>
    /// <exception cref="StorageException">It cannot be known now.</exception>
    public bool IsStillAuthentic() => IsGood(node.Authenticate(authorization));

    /// <summary>Sends a message behind those before. Never waits.</summary>
    public void Send(byte[] message)
    {
        if (Interlocked.Add(ref queuedBytes, message.Length) > MaxQueuedBytes)
        {
            Abort();
            return;
        }

        lock (order)
        {
            if (held is null)
                outgoing.Writer.TryWrite(message);
            else
                held.Add(message);
        }
    }

    /// <summary>Keeps back what is sent from now on, until <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (order)
            held = [];
    }

    /// <summary>Says that it is to go. Nothing is granted any more.</summary>
    public void End(string code)
    {
        if (IsEnding)
            return;
        IsEnding = true;
        Send(Write(new Farewell(code)));
    }

    /// <summary>Breaks the connection, from whatever thread and under whatever lock.</summary>
    public void Abort()
    {
        lock (order)
        {
            if (!isOver)
                _ = ended.CancelAsync();
        }
    }

    public void Dispose()
    {
        lock (order)
            isOver = true;
        ended.Dispose();
    }

    private bool IsGood(Credential? credential) => credential is not null && (credential.Rights & Rights.KeysValidate) != 0;

    private async Task Run()
    {
        var sending = SendAll();
        var answering = desk.Run(ended.Token);
        try
        {
            await ReceiveAll();
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or JsonException or IOException)
        {
            // It is gone, or says what nobody understands.
        }

        await ended.CancelAsync();
        outgoing.Writer.TryComplete();
        await Task.WhenAll(sending, answering);
        socket.Abort();
    }

    private async Task SendAll()
    {
        try
        {
            await foreach (var message in outgoing.Reader.ReadAllAsync(ended.Token))
            {
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
                timeout.CancelAfter(SendTimeout);
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, timeout.Token);
                Interlocked.Add(ref queuedBytes, -message.Length);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            Abort();
        }
    }

    private async Task ReceiveAll()
    {
        var buffer = new byte[Limits.ReplicaMessageBytes];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), ended.Token);
                length += part.Count;
                if (part.MessageType != WebSocketMessageType.Text || (length == buffer.Length && !part.EndOfMessage))
                    return;
            }
            while (!part.EndOfMessage);

            if (JsonSerializer.Deserialize(buffer.AsSpan(0, length), WarderJson.Wire.ReplicaMessage) is not { } message || !await Take(message))
                return;
        }
    }

    // False: the connection is of no more use.
    private async ValueTask<bool> Take(ReplicaMessage message)
    {
        switch (message)
        {
            case LeaseAsk ask:
                return await TakeAsk(ask);
            case Acknowledgement acknowledgement:
                node.ReplicaLeases.Acknowledge(this, acknowledgement.Sequence);
                return true;
            case KeyQuestions { Questions.Count: > 0 and <= Limits.QuestionsPerMessage } questions:
                return desk.Take(questions);
            case KeyUses { Uses.Count: <= Limits.UsesPerMessage } uses:
                node.Usage.Add(Environment, uses.Uses);
                return true;
            case DecisionReport report:
                node.Counts.Add(report);
                return true;
            case Surrender:
                node.ReplicaLeases.Surrender(this);
                return false;
            default:
                return false;
        }
    }

    private async Task<bool> TakeAsk(LeaseAsk ask)
    {
        if (ask.Identity.Length != Limits.ReplicaIdentityCharacters || ask.Name.Length > Limits.NameCharacters)
            return false;
        try
        {
            if (!IsStillAuthentic())
            {
                End(Farewells.Unauthorized);
                return true;
            }

            if (catchUp.IsAnotherLog(ask.Has))
            {
                End(Farewells.AnotherLog);
                return true;
            }

            await node.OutstandingLeases.WriteAsync();
            if (node.ReplicaLeases.Ask(this, ask) is { } reservation)
                Release(catchUp.Grant(reservation, ask.Has, Environment));
        }
        catch (StorageException)
        {
            // What it has missed, or whether it may ask, cannot be known now. Over another connection it can ask again.
            return false;
        }

        return true;
    }

    // What was held back comes behind the message that it was held back for.
    private void Release(byte[] message)
    {
        Interlocked.Add(ref queuedBytes, message.Length);
        lock (order)
        {
            outgoing.Writer.TryWrite(message);
            held!.ForEach(waiting => outgoing.Writer.TryWrite(waiting));
            held = null;
        }
    }
}
