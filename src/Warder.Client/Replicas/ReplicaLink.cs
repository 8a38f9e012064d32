using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Warder.Contracts;
using Warder.Contracts.Replicas;
using Warder.Core.Time;

namespace Warder.Client.Replicas;

/// <summary>
/// One connection to a node: what the node says is taken in order, and what is to be said goes out one after another. It ends with the
/// connection; the lease does not.
/// </summary>
internal sealed class ReplicaLink(Uri node, string identity, WarderVerifierOptions options, ReplicaMemory memory, PendingLookups questions, Reports reports, SemaphoreSlim signal)
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

    private const int AsksPerTerm = 5;

    // Between two answers of the node. What is on its way cannot be overtaken: a million uses at once would keep the next ask waiting for
    // longer than a lease.
    private const int ReportsPerAnswer = 16;

    // A lease that was given up is not taken again: it is the one thing that is not the receiver's alone.
    private readonly Lock gate = new();
    private long askedMicroseconds;
    private long nextAskMicroseconds;
    private long patienceMicroseconds = AnswerMicroseconds;
    private int reportsLeft;
    private volatile bool granted;
    private volatile bool leaving;
    private volatile bool forGood;

    /// <summary>The node.</summary>
    public Uri Node => node;

    /// <summary>When the last grant was asked for: by then, all that had returned is in memory.</summary>
    public long GrantedMicroseconds { get; private set; }

    /// <summary>Whether a lease was granted over it.</summary>
    public bool WasGranted => granted;

    /// <summary>
    /// Connects, and serves until the connection is over; what the node said in the end, or null when it was merely lost.
    /// </summary>
    /// <exception cref="WebSocketException">It cannot connect.</exception>
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
            // What was said is not known to have been understood: nothing can be answered for.
            memory.Forget();
            GiveUp();
            return null;
        }
        finally
        {
            // Who goes without having given up its lease says nothing: the node goes on waiting for it.
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

    /// <summary>Something is to be said.</summary>
    public void Wake()
    {
        if (signal.CurrentCount == 0)
            signal.Release();
    }

    /// <summary>Gives up the lease for good, and says so before it goes, and what there is to report.</summary>
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

    // The node ends the connection when it has read that the lease was given up. Broken off before, it could be lost with what was not read
    // yet.
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
            // It is over.
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
                throw new UnauthorizedAccessException($"Warder at {node} does not let this management key in: it is not good, or lacks keys:validate.", e);
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

    // False: memory has missed something, and has to ask anew where it is.
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
            var asked = Volatile.Read(ref askedMicroseconds);
            if (leaving || asked == 0 || !memory.Take(grant, asked, isFirst: !granted))
                return false;
            GrantedMicroseconds = asked;
            patienceMicroseconds = grant.TermMilliseconds * 1_000L;
            granted = true;
            Answered(asked + (patienceMicroseconds / AsksPerTerm));
            return true;
        }
    }

    private void Answered(long nextMicroseconds)
    {
        Volatile.Write(ref nextAskMicroseconds, nextMicroseconds);
        Volatile.Write(ref reportsLeft, ReportsPerAnswer);
        Volatile.Write(ref askedMicroseconds, 0);
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
                var idleMilliseconds = await Ask(outgoing);
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

            // Who goes on elsewhere reports there: the node may be waiting for the lease.
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

    // Asks when it is time to. How many milliseconds there is nothing to do, if nothing happens.
    private async Task<int> Ask(Outgoing outgoing)
    {
        var now = Clock.BootMicroseconds();
        var outstanding = Volatile.Read(ref askedMicroseconds);
        if (outstanding != 0 && now - outstanding > patienceMicroseconds)
            throw new WebSocketException($"Warder at {node} does not answer.");
        var next = Volatile.Read(ref nextAskMicroseconds);
        if (outstanding == 0 && now >= next)
        {
            // Before it is sent: the lease counts from here.
            Volatile.Write(ref askedMicroseconds, now);
            await outgoing.Send(new LeaseRequest(identity, options.Name, memory.Place));
            outstanding = now;
        }

        var until = outstanding != 0 ? outstanding + patienceMicroseconds : next;
        return (int)Math.Clamp((until - now) / 1_000, 1, MostIdleMilliseconds);
    }

    // A node that does not take what it is sent is as good as lost: then another one is tried.
    private sealed class Outgoing(ClientWebSocket socket, CancellationTokenSource patience)
    {
        public async ValueTask Send(ReplicaMessage message)
        {
            patience.CancelAfter(SendTimeout);
            await socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(message, WarderJson.Wire.ReplicaMessage), WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, patience.Token);
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
