using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Warder.Core.Management;
using Warder.Engine.Hosting;
using Warder.Engine.Management;
using Warder.Engine.Replicas.Leases;
using Warder.Engine.Streams;
using Warder.Protocol;
using Warder.Storage;

namespace Warder.Engine.Replicas;

/// <summary>The parts of a node that its connections of replicas use.</summary>
/// <param name="Store">The database.</param>
/// <param name="Authentication">Authenticates the management keys of the connections.</param>
/// <param name="Quota">The bounds on places and bytes.</param>
/// <param name="Leases">The leases of the replicas.</param>
/// <param name="Outstanding">Records that replicas may hold leases.</param>
/// <param name="Lookups">The parts that look up keys.</param>
/// <param name="Usage">Writes the uses that replicas report.</param>
internal sealed record ReplicaStreamParts(
    Store Store, ManagementAuthentication Authentication, StreamQuota Quota, ReplicaLeaseRegistry Leases,
    OutstandingLeaseMarker Outstanding, KeyLookupParts Lookups,
    UsageWriter Usage);

/// <summary>
/// One connection of one replica: a queue in each direction, both within one budget of bytes. A replica that does not read loses its
/// connection and delays no other.
/// </summary>
internal sealed class ReplicaStream : IDisposable
{
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AuthorityPeriod = TimeSpan.FromSeconds(1);

    // A replica that is requested to close releases its lease at once. For one that does not, changes wait until its lease ends, connected
    // or not.
    private const int PeriodsToLeave = 4;
    private const int PeriodsToFirstRequest = 30;

    // Messages are sent in parts: a socket's pipe accepts a whole part at once, however slowly the peer reads.
    private const int SentPartBytes = 16 * 1024;

    private readonly ReplicaStreamParts parts;
    private readonly WebSocket socket;
    private readonly string? authorization;
    private readonly CancellationTokenSource ended;
    private readonly SendBudget budget;
    private readonly KeyLookupWorkers lookups;
    private readonly Channel<byte[]> outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CatchUp catchUp;
    private readonly Lock order = new();
    private List<byte[]>? held;
    private bool isClosing;
    private bool isOver;

    /// <summary>Wraps an open connection.</summary>
    /// <param name="parts">The parts of the node that the replica follows.</param>
    /// <param name="socket">The connection.</param>
    /// <param name="caller">The management key that authenticated the connection.</param>
    /// <param name="authorization">That key's credential, as it was sent. It is checked repeatedly.</param>
    /// <param name="aborted">Cancelled when the connection is lost.</param>
    public ReplicaStream(ReplicaStreamParts parts, WebSocket socket, Caller caller, string? authorization, CancellationToken aborted)
    {
        (this.parts, this.socket, Caller, this.authorization) = (parts, socket, caller, authorization);
        ended = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        budget = new SendBudget(parts.Quota.Bytes, caller);
        lookups = new KeyLookupWorkers(this, budget, parts.Lookups);
        catchUp = new CatchUp(parts.Store, parts.Leases);
    }

    /// <summary>The replica's identity in the registry; null before its first lease request.</summary>
    public string? Identity { get; private set; }

    /// <summary>The management key that authenticated the connection.</summary>
    public Caller Caller { get; }

    /// <summary>The number of the environment that the replica may read keys of.</summary>
    public int Environment => Caller.Environment;

    /// <summary>The id of the management key that authenticated the connection.</summary>
    public string ManagementKeyId => Caller.ManagementKeyId!;

    /// <summary>Whether the replica was requested to close.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Serializes a message.</summary>
    public static byte[] Write(NodeMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, ProtocolJson.Wire.NodeMessage);

    /// <summary>
    /// Sets and returns the replica's identity in the registry. It includes the management key, so that two keys share no replica.
    /// </summary>
    public string Identify(LeaseRequest request) => Identity ??= Caller.ManagementKeyId + " " + request.Identity;

    /// <summary>Determines from memory whether the management key still authorizes the connection.</summary>
    public bool IsAuthentic() => IsGood(parts.Authentication.AuthenticateFromMemory(authorization));

    /// <summary>Determines the same as <see cref="IsAuthentic"/>, from the store where memory cannot be used.</summary>
    /// <exception cref="StorageException">The store cannot be read now.</exception>
    public async ValueTask<bool> IsStillAuthenticAsync() => IsGood(await parts.Authentication.AuthenticateAsync(authorization));

    /// <summary>
    /// Queues a message behind the earlier ones. Never waits. A message that exceeds a bound is not left out: the connection ends instead.
    /// </summary>
    public void Send(byte[] message)
    {
        if (budget.TryTake(SendBudget.CostOf(message.Length)))
            Enqueue(message);
        else
            AbortOverBytes();
    }

    /// <summary>Queues a message for which bytes are reserved, and returns the spare bytes to the budget.</summary>
    public void SendReserved(byte[] message, int reservedBytes)
    {
        var spare = reservedBytes - SendBudget.CostOf(message.Length);
        if (spare < 0 && !budget.TryTake(-spare))
        {
            budget.Return(reservedBytes);
            AbortOverBytes();
            return;
        }

        budget.Return(Math.Max(0, spare));
        Enqueue(message);
    }

    /// <summary>Holds the messages from now on, until <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (order)
            held = [];
    }

    /// <summary>Requests the replica to close. The replica gets no further grant.</summary>
    public void End(string code)
    {
        if (IsEnding)
            return;
        IsEnding = true;
        Send(Write(new StreamClose(code)));
    }

    /// <summary>Aborts the connection. Safe on any thread and under any lock.</summary>
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
        budget.Dispose();
        ended.Dispose();
    }

    private bool IsGood(Credential? credential) => credential is not null && (credential.Rights & Rights.KeysValidate) != 0;

    /// <summary>Serves the connection until it ends.</summary>
    public async Task Run()
    {
        var tasks = new[] { SendAll(), lookups.Run(ended.Token), WatchAuthority() };
        try
        {
            if (await ReceiveAll() is { } violation)
                await Close(violation, tasks[0]);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The connection is lost, or its frames are malformed.
        }
        finally
        {
            await ended.CancelAsync();
            outgoing.Writer.TryComplete();
            await Task.WhenAll(tasks);
            socket.Abort();
        }
    }

    private async Task SendAll()
    {
        try
        {
            await foreach (var message in outgoing.Reader.ReadAllAsync(ended.Token))
            {
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
                timeout.CancelAfter(SendTimeout);
                for (var sent = 0; sent < message.Length; sent += SentPartBytes)
                {
                    var part = message.AsMemory(sent, Math.Min(SentPartBytes, message.Length - sent));
                    await socket.SendAsync(
                        part, WebSocketMessageType.Text, endOfMessage: sent + part.Length == message.Length, timeout.Token);
                }

                budget.Return(SendBudget.CostOf(message.Length));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            Abort();
        }
    }

    // A right that ends by time makes no event. Without this check, a replica that sends no request would receive changes for ever.
    private async Task WatchAuthority()
    {
        using var timer = new PeriodicTimer(AuthorityPeriod);
        try
        {
            for (var (periods, without) = (1, 0); await timer.WaitForNextTickAsync(ended.Token); periods++)
            {
                if (IsAuthentic())
                {
                    if (Identity is null && periods >= PeriodsToFirstRequest)
                        Abort();
                    continue;
                }

                End(CloseReasons.Unauthorized);
                if (++without == PeriodsToLeave)
                    Abort();
            }
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
    }

    // Sends the close frame behind the unsent messages, and reads on for a moment: aborting a connection with unread bytes loses the frame.
    private async Task Close(StreamViolation violation, Task sending)
    {
        parts.Quota.CountPolicy();
        lock (order)
            isClosing = true;
        outgoing.Writer.TryComplete();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
        patience.CancelAfter(ClosePatience);
        await sending.WaitAsync(patience.Token);
        await socket.CloseOutputAsync(violation.Status, violation.Code, patience.Token);
        var rest = new byte[SentPartBytes];
        while (socket.State == WebSocketState.CloseSent)
            await socket.ReceiveAsync(rest.AsMemory(), patience.Token);
    }

    private async Task<StreamViolation?> ReceiveAll()
    {
        using var reader = new MessageReader(socket, budget);
        while (true)
        {
            var (message, violation) = await reader.Read(ended.Token);
            if (message is null)
                return violation;
            var (goesOn, wrong) = await Take(message);
            if (!goesOn)
                return wrong;
        }
    }

    // Handles a message. Returns false when the connection must end: for a violation, or because it has no further use.
    private async ValueTask<(bool GoesOn, StreamViolation? Violation)> Take(ReplicaMessage message)
    {
        switch (message)
        {
            case LeaseRequest request:
                return StreamViolation.Of(request) is { } violation ? (false, violation) : (await TakeLeaseRequest(request), null);
            case Acknowledgement acknowledgement:
                parts.Leases.Acknowledge(this, acknowledgement.Sequence);
                return (true, null);
            case KeyQuestions { Questions: { Count: > 0 and <= StreamLimits.QuestionsPerMessage } questions }
                when !questions.Contains(null!):
                return lookups.TryAdd(questions) ? (true, null) : (false, StreamViolation.TooManyQuestions);
            case DecisionRequests { Requests: { Count: > 0 and <= StreamLimits.QuestionsPerMessage } requests }
                when KeyLookupWorkers.AreWellFormed(requests):
                return lookups.TryAdd(requests) ? (true, null) : (false, StreamViolation.TooManyQuestions);
            case KeyUses { Uses: { Count: <= StreamLimits.UsesPerMessage } uses } when !uses.Contains(null!):
                if (parts.Usage.Add(Caller, uses) is > 0 and var refused)
                    parts.Quota.CountRefusedUses(refused);
                return (true, null);
            case DecisionReport report:
                parts.Lookups.Counts.Add(report);
                return (true, null);
            case LeaseRelease:
                parts.Leases.Release(this);
                return (false, null);
            default:
                return (false, StreamViolation.Malformed);
        }
    }

    private async Task<bool> TakeLeaseRequest(LeaseRequest request)
    {
        // The replica was requested to close and gets no further grant, so the store is not read for it.
        if (IsEnding)
            return true;
        try
        {
            if (!await IsStillAuthenticAsync())
            {
                End(CloseReasons.Unauthorized);
                return true;
            }

            if (catchUp.IsAnotherLog(request.Has))
            {
                End(CloseReasons.AnotherLog);
                return true;
            }

            await parts.Outstanding.WriteAsync();
            if (parts.Leases.Reserve(this, request) is { } reservation)
                Release(catchUp.Grant(reservation, request.Has, Environment));
        }
        catch (StorageException)
        {
            // The missed events, or the key's rights, cannot be read now. The replica can request a lease over another connection.
            return false;
        }

        return true;
    }

    // Sends the held messages behind the message that they were held for.
    private void Release(byte[] message)
    {
        var fits = budget.TryTake(SendBudget.CostOf(message.Length));
        lock (order)
        {
            if (fits)
            {
                Write(message);
                held!.ForEach(Write);
            }

            held = null;
        }

        if (!fits)
            AbortOverBytes();
    }

    private void Enqueue(byte[] message)
    {
        lock (order)
        {
            if (held is null)
                Write(message);
            else
                held.Add(message);
        }
    }

    // After a message that did not fit, no message is sent: the events that a replica applies must have no gap.
    private void Write(byte[] message)
    {
        if (!isClosing)
            outgoing.Writer.TryWrite(message);
    }

    private void AbortOverBytes()
    {
        lock (order)
        {
            if (isClosing)
                return;
            isClosing = true;
        }

        parts.Quota.CountOverBytes();
        Abort();
    }
}
