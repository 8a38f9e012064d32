using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Warder.Core.Time;
using Warder.Protocol;

namespace Warder.Client.Replicas;

/// <summary>
/// One connection to a node. It takes the node's messages in order, and sends the replica's messages one at a time. It ends with the
/// connection; the lease outlives it.
/// </summary>
internal sealed class ReplicaLink(
    Uri node, string identity, WarderVerifierOptions options, ReplicaMemory memory,
    PendingLookups questions, Reports reports, SemaphoreSlim signal)
{
    private static readonly TimeSpan PatientConnect = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HastyConnect = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(3);
    private const int MinReceivedBytes = 4 * 1024;
    private const int MaxMessageBytes = 16 << 20;
    private const int MostIdleMilliseconds = 4_000;
    private const long AnswerMicroseconds = 3_000_000;
    private const long LeastPauseMicroseconds = 20_000;

    private const int RequestsPerTerm = 5;

    // The limit on reports between two answers of the node. Sent messages cannot be overtaken: a million uses sent at once would delay the
    // next lease request by more than a lease.
    private const int ReportsPerAnswer = 16;

    // Guards the release of the lease: a released lease is never taken again. The release is the only state here that other threads than
    // the receiver change.
    private readonly Lock gate = new();
    private long requestedMicroseconds;
    private long nextRequestMicroseconds;
    private long patienceMicroseconds = AnswerMicroseconds;
    private int reportsLeft;
    private volatile bool granted;
    private volatile bool leaving;
    private volatile bool forGood;

    /// <summary>The address of the node.</summary>
    public Uri Node => node;

    /// <summary>The boot-clock time of the last granted lease request. Memory includes every change that had returned by then.</summary>
    public long GrantedMicroseconds { get; private set; }

    /// <summary>Whether the node granted a lease over this connection.</summary>
    public bool WasGranted => granted;

    /// <summary>Connects, and serves until the connection ends.</summary>
    /// <returns>The code with which the node ended the stream; null when the connection was lost.</returns>
    /// <exception cref="WebSocketException">The connection could not be made.</exception>
    public async Task<string?> Run(Action connected, Action ready, CancellationToken stop)
    {
        using var socket = await Connect(stop);
        connected();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sending = SendAll(socket, ended);
        try
        {
            return await ReceiveAll(socket, ready, ended.Token);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            // Memory may have missed a message that it could not read, so it answers nothing any more.
            memory.Forget();
            GiveUp();
            return null;
        }
        finally
        {
            // A link that ends without a lease release sends nothing: the node keeps waiting for its lease.
            if (leaving)
                ended.CancelAfter(FarewellPatience);
            else
                await ended.CancelAsync();
            await sending;
            questions.Unsend();
            if (leaving)
                await AwaitEnd(socket, ended.Token);
            socket.Abort();
        }
    }

    /// <summary>Wakes the sender: a message is due.</summary>
    public void Wake()
    {
        if (signal.CurrentCount == 0)
            signal.Release();
    }

    /// <summary>Releases the lease for good, and sends the release and all due reports before the connection ends.</summary>
    public void Leave()
    {
        forGood = true;
        GiveUp();
    }

    private void GiveUp()
    {
        lock (gate)
        {
            memory.ReleaseLease();
            leaving = true;
        }

        Wake();
    }

    // The node ends the connection once it has read the lease release. Closing earlier could lose the release and unread messages.
    private static async Task AwaitEnd(ClientWebSocket socket, CancellationToken ended)
    {
        var rest = new byte[MinReceivedBytes];
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
                await socket.ReceiveAsync(rest.AsMemory(), ended);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
        {
            // The connection has ended.
        }
    }

    private async Task<ClientWebSocket> Connect(CancellationToken stop)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + options.ManagementKey);
        socket.Options.CollectHttpResponseDetails = true;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(options.Nodes.Count > 1 ? HastyConnect : PatientConnect);
        var address = new UriBuilder(node) { Scheme = node.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs };
        address.Path = address.Path.TrimEnd('/') + "/replicas/stream";
        try
        {
            await socket.ConnectAsync(address.Uri, timeout.Token);
            return socket;
        }
        catch (Exception e)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            stop.ThrowIfCancellationRequested();
            if (status is 401 or 403)
                throw new UnauthorizedAccessException(
                    $"Warder at {node} does not let this management key in: it is not good, or lacks keys:validate.", e);
            throw new WebSocketException($"Warder at {node} cannot be reached: {e.Message}", e);
        }
    }

    private async Task<string?> ReceiveAll(ClientWebSocket socket, Action ready, CancellationToken ended)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        while (true)
        {
            buffer.ResetWrittenCount();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.GetMemory(MinReceivedBytes), ended);
                buffer.Advance(part.Count);
                if (part.MessageType != WebSocketMessageType.Text || buffer.WrittenCount > MaxMessageBytes)
                    return null;
            }
            while (!part.EndOfMessage);

            if (!NodeMessages.TryRead(buffer.WrittenSpan, out var message))
                continue;
            if (message is StreamClose farewell)
            {
                GiveUp();
                return farewell.Code;
            }

            if (!Take(message))
                return null;
            if (message is LeaseGrant)
                ready();
            Wake();
        }
    }

    // Returns false when memory has missed a change, and must request its place in the log again.
    private bool Take(NodeMessage? message)
    {
        switch (message)
        {
            case LogDelta news:
                return memory.Take(news);
            case LeaseGrant grant:
                return Take(grant);
            case LeaseRefusal refusal:
                Answered(Clock.BootMicroseconds() + Math.Max(refusal.RetryAfterMilliseconds * 1_000L, LeastPauseMicroseconds));
                return true;
            case KeyAnswers answers:
                questions.Answer(answers);
                return true;
            case DecisionAnswers decisions:
                questions.Answer(decisions);
                return true;
            default:
                return false;
        }
    }

    private bool Take(LeaseGrant grant)
    {
        lock (gate)
        {
            var requested = Volatile.Read(ref requestedMicroseconds);
            if (leaving || requested == 0 || !memory.Take(grant, requested, isFirst: !granted))
                return false;
            GrantedMicroseconds = requested;
            patienceMicroseconds = grant.TermMilliseconds * 1_000L;
            granted = true;
            Answered(requested + (patienceMicroseconds / RequestsPerTerm));
            return true;
        }
    }

    private void Answered(long nextMicroseconds)
    {
        Volatile.Write(ref nextRequestMicroseconds, nextMicroseconds);
        Volatile.Write(ref reportsLeft, ReportsPerAnswer);
        Volatile.Write(ref requestedMicroseconds, 0);
    }

    private async Task SendAll(ClientWebSocket socket, CancellationTokenSource ended)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        var outgoing = new Outgoing(socket, patience);
        try
        {
            var acknowledged = -1L;
            while (!leaving)
            {
                if (granted && memory.Place is { } place && place.Sequence != acknowledged)
                    await outgoing.Send(new Acknowledgement(acknowledged = place.Sequence));
                while (questions.Take() is { } message)
                    await outgoing.Send(message);
                var idleMilliseconds = await RequestLease(outgoing);
                if (Volatile.Read(ref reportsLeft) > 0 && reports.Next() is { } report)
                {
                    Interlocked.Decrement(ref reportsLeft);
                    await outgoing.Send(report);
                }
                else
                {
                    await signal.WaitAsync(idleMilliseconds, ended.Token);
                }
            }

            // A link that is replaced leaves its reports to the next link: the node may be waiting for the lease release.
            if (forGood)
            {
                foreach (var report in reports.Last().Take(ReportsPerAnswer))
                    await outgoing.Send(report);
            }

            await outgoing.Send(new LeaseRelease());
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ended.Token);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            await ended.CancelAsync();
        }
    }

    // Sends a lease request when one is due. Returns the milliseconds until the next one is due.
    private async Task<int> RequestLease(Outgoing outgoing)
    {
        var now = Clock.BootMicroseconds();
        var outstanding = Volatile.Read(ref requestedMicroseconds);
        if (outstanding != 0 && now - outstanding > patienceMicroseconds)
            throw new WebSocketException($"Warder at {node} does not answer.");
        var next = Volatile.Read(ref nextRequestMicroseconds);
        if (outstanding == 0 && now >= next)
        {
            // Set before the request is sent, because the lease counts from this time.
            Volatile.Write(ref requestedMicroseconds, now);
            await outgoing.Send(new LeaseRequest(identity, options.Name, memory.Place));
            outstanding = now;
        }

        var until = outstanding != 0 ? outstanding + patienceMicroseconds : next;
        return (int)Math.Clamp((until - now) / 1_000, 1, MostIdleMilliseconds);
    }

    // A node that does not read its messages counts as lost, and the replica tries another node.
    private sealed class Outgoing(ClientWebSocket socket, CancellationTokenSource patience)
    {
        public async ValueTask Send(ReplicaMessage message)
        {
            patience.CancelAfter(SendTimeout);
            await socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(message, ProtocolJson.Wire.ReplicaMessage),
                WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, patience.Token);
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
