using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Client.Replicas;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Protocol;

namespace Warder.Client;

/// <summary>
/// Validates keys inside this process: from its own memory, at the price of a look-up, and with the server's guarantee. Once a call that
/// ends a key has returned, the verifier refuses the key. It follows the log over one stream to a node, and answers from memory only under
/// a lease. When it cannot decide, it returns <see cref="Contracts.Keys.DecisionCode.Unavailable"/>, which is a denial.
/// </summary>
/// <remarks>Thread-safe. One verifier for a process is enough. It connects from its creation until it is disposed.</remarks>
public sealed partial class WarderVerifier : IWarderVerifier, IAsyncDisposable
{
    private const int MostLookupsTogether = 256;
    private const int IdentityBytes = 16;
    private const int MaxPauseMilliseconds = 2_000;
    private const int FirstPauseMilliseconds = 50;
    private const long OutOfTouchMicroseconds = 1_000_000;
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(1);

    private readonly WarderVerifierOptions options;
    private readonly Entropy entropy;
    private readonly ILogger logger;
    private readonly ReplicaMemory memory;
    private readonly PendingLookups questions = new();
    private readonly DecisionCounts counts = new();
    private readonly Reports reports;
    private readonly CancellationTokenSource stopping = new();
    // The semaphore is never disposed: it has no wait handle, and a validation may still wake it while the verifier ends.
    private readonly SemaphoreSlim signal = new(0);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly VerifierMeter meter;
    private readonly Preloader preloader;
    private readonly Task following;
    private string identity;
    private volatile ReplicaLink? link;
    private volatile VerifierState state;
    private volatile string? problem;
    // The time at which the connection was lost; zero while connected, and before the first connection.
    private long lostMicroseconds;
    private int disposed;

    /// <summary>Creates a verifier, which starts to connect.</summary>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    public WarderVerifier(WarderVerifierOptions options, ILogger<WarderVerifier>? logger = null)
        : this(options, Entropy.System, new Lease(), logger: logger)
    {
    }

    internal WarderVerifier(
        WarderVerifierOptions options, Entropy entropy, Lease lease, int level = FeatureLevel.Current, ILogger? logger = null)
    {
        options = options.Checked();
        (this.options, this.entropy, this.logger) = (options, entropy, logger ?? NullLogger.Instance);
        memory = new ReplicaMemory(entropy, options.Capacity, lease, level);
        reports = new Reports(memory, counts);
        preloader = new Preloader(options, memory, entropy);
        identity = NewIdentity();
        meter = new VerifierMeter(this);
        following = Task.Run(Follow);
    }

    /// <summary>The verifier's current health.</summary>
    public VerifierHealth Health
    {
        get
        {
            var lease = Math.Max(0, memory.LeaseMicroseconds);
            var now = state == VerifierState.Connected && lease > 0 ? VerifierState.Ready : state;
            var heard = link?.GrantedMicroseconds ?? 0;
            var lag = heard == 0 ? TimeSpan.MaxValue : TimeSpan.FromMicroseconds(Clock.BootMicroseconds() - heard);
            return new VerifierHealth(
                now, link?.Node, TimeSpan.FromMicroseconds(lease), memory.Place?.Sequence ?? 0, lag, memory.Count, problem);
        }
    }

    /// <summary>The number of lookups that were sent to nodes, in all. An answer from memory sends none.</summary>
    public long Questions => questions.Count;

    /// <summary>Waits for the first lease and, with <see cref="WarderVerifierOptions.Preload"/>, until memory is filled.</summary>
    /// <exception cref="WarderException">The management key lacks the right to preload.</exception>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default)
        => (options.Preload ? preloader.First : ready.Task).WaitAsync(cancellationToken);

    /// <summary>Decides from memory alone: no lock, no I/O, no allocation.</summary>
    /// <param name="value">The presented key, in ASCII.</param>
    /// <param name="permissions">The permissions that the key must have.</param>
    /// <param name="decision">The decision; <see cref="Contracts.Keys.DecisionCode.Unavailable"/> when the method returns false.</param>
    /// <param name="atLeast">The sequence number of an event that memory must include; 0: no event is required.</param>
    /// <returns>
    /// False when memory does not hold the key, or may not be answered from: <see cref="ValidateAsync"/> then requests it from a node.
    /// </returns>
    public bool TryValidate(ReadOnlySpan<byte> value, RequiredPermissions permissions, out KeyDecision decision, long atLeast = 0)
    {
        var isKnown = memory.TryDecide(value, permissions, atLeast, out var own);
        decision = new KeyDecision(own);
        return isKnown && Counted(decision);
    }

    /// <summary>Decides from memory alone, for a key that is presented as text.</summary>
    [SkipLocalsInit]
    public bool TryValidate(ReadOnlySpan<char> value, RequiredPermissions permissions, out KeyDecision decision, long atLeast = 0)
    {
        Span<byte> bytes = stackalloc byte[PresentedToken.MaxBytes];
        if (PresentedToken.TryRead(value, bytes, out var length))
            return TryValidate(bytes[..length], permissions, out decision, atLeast);
        decision = new KeyDecision(Decision.Deny(DecisionCode.Malformed));
        return Counted(decision);
    }

    /// <summary>
    /// Decides whether a key is valid and has the required permissions. A denial is a decision, not an exception. A verifier that cannot
    /// decide returns <see cref="Contracts.Keys.DecisionCode.Unavailable"/>. A decision from memory is immediate and allocates nothing.
    /// </summary>
    /// <param name="value">The presented key.</param>
    /// <param name="permissions">The permissions that the key must have; null: none.</param>
    /// <param name="atLeast">
    /// The sequence number of an event that the decision's state must include, independent of clocks. The node decides when memory does not
    /// include the event; a log without the event gives <c>unavailable</c>. 0: no event is required.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for the node.</param>
    public ValueTask<KeyDecision> ValidateAsync(
        SecretString value, RequiredPermissions? permissions = null, long atLeast = 0, CancellationToken cancellationToken = default)
    {
        var required = permissions ?? RequiredPermissions.None;
        return TryValidate(value.Reveal(), required, out var decision, atLeast)
            ? new ValueTask<KeyDecision>(decision)
            : new ValueTask<KeyDecision>(LookUpAsync(value.Reveal(), required, atLeast, cancellationToken));
    }

    /// <summary>
    /// Decides many tokens from memory alone, each as <see cref="TryValidate(ReadOnlySpan{char}, RequiredPermissions, out KeyDecision,
    /// long)"/> does. Where memory is large, it costs far less per token. A token that memory cannot decide is <see
    /// cref="Contracts.Keys.DecisionCode.Unavailable"/>: <see cref="ValidateManyAsync"/> requests it from a node.
    /// </summary>
    /// <param name="presented">The presented keys.</param>
    /// <param name="decisions">The decisions, each at the index of its token.</param>
    /// <param name="atLeast">The sequence number of an event that memory must include; 0: no event is required.</param>
    /// <returns>Whether all tokens were decided.</returns>
    /// <exception cref="ArgumentException"><paramref name="decisions"/> is shorter than <paramref name="presented"/>.</exception>
    public bool TryValidateMany(ReadOnlySpan<PresentedToken> presented, Span<KeyDecision> decisions, long atLeast = 0)
    {
        if (decisions.Length < presented.Length)
            throw new ArgumentException("There must be a place for each answer.", nameof(decisions));
        var all = true;
        for (var from = 0; from < presented.Length; from += ReplicaMemory.MostTogether)
        {
            var count = Math.Min(ReplicaMemory.MostTogether, presented.Length - from);
            memory.DecideMany(presented.Slice(from, count), atLeast, decisions.Slice(from, count));
            for (var i = from; i < from + count; i++)
            {
                all &= decisions[i].Reason == DecisionCode.Unavailable
                    ? TryValidate(presented[i].Value.Reveal(), presented[i].Required, out decisions[i], atLeast)
                    : Counted(decisions[i]);
            }
        }

        return all;
    }

    /// <summary>
    /// Validates many tokens, each as <see cref="ValidateAsync"/> does. Decisions from memory are immediate and allocate nothing. The node
    /// decides the rest, some hundred tokens at a time.
    /// </summary>
    /// <param name="presented">The presented keys; not to be written before the call completes.</param>
    /// <param name="decisions">The decisions, each at the index of its token; not to be read before the call completes.</param>
    /// <param name="atLeast">The sequence number of an event that each decision's state must include; 0: no event is required.</param>
    /// <param name="cancellationToken">Cancels the wait for the node.</param>
    /// <exception cref="ArgumentException"><paramref name="decisions"/> is shorter than <paramref name="presented"/>.</exception>
    public ValueTask ValidateManyAsync(
        ReadOnlyMemory<PresentedToken> presented, Memory<KeyDecision> decisions, long atLeast = 0,
        CancellationToken cancellationToken = default)
        => TryValidateMany(presented.Span, decisions.Span, atLeast)
            ? default
            : new ValueTask(LookUpManyAsync(presented, decisions, atLeast, cancellationToken));

    /// <summary>
    /// Releases the lease, notifies the node, and ends the verifier. Validations are <see cref="Contracts.Keys.DecisionCode.Unavailable"/>
    /// from then on.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        link?.Leave();
        stopping.CancelAfter(state == VerifierState.Connected ? LeavePatience : TimeSpan.Zero);
        await following;
        memory.ReleaseLease();
        preloader.Dispose();
        meter.Dispose();
        stopping.Dispose();
    }

    private bool Counted(in KeyDecision decision)
    {
        counts.Count(decision.Reason);
        return true;
    }

    private async Task<KeyDecision> LookUpAsync(string value, RequiredPermissions permissions, long atLeast, CancellationToken cancellation)
    {
        var decision = await LookUpAtNodeAsync(value, permissions, atLeast, cancellation);
        counts.Count(decision.Code);
        return new KeyDecision(decision);
    }

    private async Task<Decision> LookUpAtNodeAsync(
        string value, RequiredPermissions permissions, long atLeast, CancellationToken cancellation)
    {
        var until = Clock.BootMicroseconds() + (options.Timeout.Ticks / TimeSpan.TicksPerMicrosecond);
        var isWhole = memory.IsBelowLevel;
        var decision = await LookUpOnceAsync(value, permissions, atLeast, isWhole, until, cancellation);
        // The received key is the first to show that the environment requires a higher feature level.
        if (decision is { Code: DecisionCode.Unavailable } && !isWhole && memory.IsBelowLevel)
            decision = await LookUpOnceAsync(value, permissions, atLeast, isWhole: true, until, cancellation);
        return decision ?? Decision.Deny(DecisionCode.Unavailable);
    }

    // Returns null when no answer arrived in time.
    private async Task<Decision?> LookUpOnceAsync(
        string value, RequiredPermissions permissions, long atLeast, bool isWhole, long untilMicroseconds, CancellationToken cancellation)
    {
        if (IsOutOfTouch() || questions.Add(value, atLeast, isWhole ? permissions : null) is not { } question)
            return null;
        link?.Wake();
        try
        {
            var left = TimeSpan.FromMicroseconds(Math.Max(0, untilMicroseconds - Clock.BootMicroseconds()));
            var (answer, made) = await question.Answered.WaitAsync(left, cancellation);
            if (made is not null)
            {
                var found = made.Key is { } named ? KeyReader.Read(named) : null;
                return Decision.MadeElsewhere(DecisionShapes.CodeOf(made.Code), found, made.Permissions);
            }

            return answer!.Key is { } key
                ? memory.Decide(Encoding.ASCII.GetBytes(value), KeyReader.Read(key), permissions, atLeast)
                : Decision.Deny(Decision.CodeOf(answer.Code ?? ""));
        }
        catch (Exception e) when (e is TimeoutException or FormatException)
        {
            return null;
        }
        finally
        {
            questions.Leave(question);
        }
    }

    private async Task LookUpManyAsync(
        ReadOnlyMemory<PresentedToken> presented, Memory<KeyDecision> decisions, long atLeast, CancellationToken cancellation)
    {
        var lookups = new Queue<(int Place, Task<KeyDecision> Answer)>();
        for (var place = 0; place < presented.Length || lookups.Count > 0; place++)
        {
            if (place < presented.Length && decisions.Span[place].Reason == DecisionCode.Unavailable)
            {
                var token = presented.Span[place];
                lookups.Enqueue((place, LookUpAsync(token.Value.Reveal(), token.Required, atLeast, cancellation)));
            }

            if (lookups.Count == MostLookupsTogether || (place >= presented.Length && lookups.Count > 0))
            {
                var (first, answer) = lookups.Dequeue();
                var decision = await answer;
                decisions.Span[first] = decision;
            }
        }
    }

    // Without a reachable node validations do not wait: each would hold its caller until its timeout.
    private bool IsOutOfTouch()
        => disposed != 0 || state == VerifierState.Unauthorized
            || (Volatile.Read(ref lostMicroseconds) is not 0 and var since && Clock.BootMicroseconds() - since > OutOfTouchMicroseconds);

    private async Task Follow()
    {
        var failures = 0;
        for (var place = 0; disposed == 0; )
        {
            var wasGranted = await Connect(options.Nodes[place % options.Nodes.Count]);
            // A node that granted a lease is tried again first: no change there then waits for a replica that has moved to another node.
            failures = wasGranted ? 0 : failures + 1;
            if (!wasGranted)
                place++;
            if (failures >= options.Nodes.Count)
                await Pause(failures - options.Nodes.Count);
        }
    }

    // Returns whether the node granted a lease before the connection ended.
    private async Task<bool> Connect(Uri node)
    {
        var current = new ReplicaLink(node, identity, options, memory, questions, reports, signal);
        link = current;
        try
        {
            var farewell = await current.Run(Connected, Granted, stopping.Token);
            problem = farewell is null ? $"The connection to {node} was lost." : $"{node} ended the connection: {farewell}.";
            if (farewell is CloseReasons.AnotherLog or CloseReasons.Unauthorized)
                memory.Forget();
            if (farewell == CloseReasons.AnotherLog)
                identity = NewIdentity();
            Lost(farewell == CloseReasons.Unauthorized ? VerifierState.Unauthorized : VerifierState.Disconnected);
            return current.WasGranted && farewell is null;
        }
        catch (UnauthorizedAccessException e)
        {
            problem = e.Message;
            Lost(VerifierState.Unauthorized);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            problem = e.Message;
            Lost(VerifierState.Disconnected);
        }
        catch (Exception e)
        {
            // Any exception clears memory: memory may have applied half of a message.
            memory.Forget();
            problem = e.Message;
            LogForgotten(logger, e);
            Lost(VerifierState.Disconnected);
        }

        return false;
    }

    private void Connected()
    {
        state = VerifierState.Connected;
        problem = null;
        LogConnected(logger, link!.Node);
        Volatile.Write(ref lostMicroseconds, 0);
        if (disposed != 0)
            link?.Leave();
    }

    private void Granted()
    {
        ready.TrySetResult();
        if (options.Preload && link is { } current)
            preloader.Ensure(current.Node);
    }

    // Logs one line per change of state, however often the connection is tried.
    private void Lost(VerifierState now)
    {
        if (state != now && disposed == 0)
        {
            if (now == VerifierState.Unauthorized)
                LogUnauthorized(logger, problem ?? "");
            else
                LogLost(logger, problem ?? "");
        }

        state = now;
        Interlocked.CompareExchange(ref lostMicroseconds, Clock.BootMicroseconds(), 0);
    }

    private async Task Pause(int round)
    {
        var ceiling = Math.Min(MaxPauseMilliseconds, FirstPauseMilliseconds << Math.Min(round, 10));
        try
        {
            await Task.Delay((ceiling / 2) + (int)(ceiling / 2 * entropy.Fraction()), stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The verifier is disposed.
        }
    }

    private string NewIdentity() => Convert.ToHexStringLower(entropy.Bytes(IdentityBytes));

    [LoggerMessage(Level = LogLevel.Information, Message = "The verifier is connected to {Node}")]
    private static partial void LogConnected(ILogger logger, Uri node);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "The verifier has no connection, and answers from memory until its lease ends: {Problem}")]
    private static partial void LogLost(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The verifier is refused, and denies every key as unavailable: {Problem}")]
    private static partial void LogUnauthorized(ILogger logger, string problem);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "The verifier could not apply what its node sent. It has emptied its memory, and begins anew")]
    private static partial void LogForgotten(ILogger logger, Exception exception);
}
