using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Client.Replicas;
using Warder.Contracts.Replicas;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;

namespace Warder.Client;

/// <summary>
/// Validates keys inside this process: from its own memory, at the price of a look-up, and with the server's own guarantee. When a call
/// that ended a key has returned, this refuses the key. It follows the log over one stream to a node, and answers from memory only under a
/// lease; when it cannot know, it says <see cref="Contracts.Keys.DecisionCode.Unavailable"/>, which is a denial.
/// </summary>
/// <remarks>Thread-safe. One for a process is enough. It begins to connect when it is made, and goes on until it is disposed of.</remarks>
public sealed partial class WarderVerifier : IWarderVerifier, IAsyncDisposable
{
    private const int MostAskedTogether = 256;
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
    // Without a wait handle there is nothing to dispose of; and who validates while it ends may still wake it.
    private readonly SemaphoreSlim signal = new(0);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly VerifierMeter meter;
    private readonly Preloader preloader;
    private readonly Task following;
    private string identity;
    private volatile ReplicaLink? link;
    private volatile VerifierState state;
    private volatile string? problem;
    // Since when there has been no connection; zero while there is one, and before there was any.
    private long lostMicroseconds;
    private int disposed;

    /// <summary>Begins to connect.</summary>
    /// <exception cref="ArgumentException">An option is wrong.</exception>
    public WarderVerifier(WarderVerifierOptions options, ILogger<WarderVerifier>? logger = null)
        : this(options, Entropy.System, new Lease(), logger: logger)
    {
    }

    internal WarderVerifier(WarderVerifierOptions options, Entropy entropy, Lease lease, int level = FeatureLevel.Current, ILogger? logger = null)
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

    /// <summary>How it is, now.</summary>
    public VerifierHealth Health
    {
        get
        {
            var lease = Math.Max(0, memory.LeaseMicroseconds);
            var now = state == VerifierState.Connected && lease > 0 ? VerifierState.Ready : state;
            var heard = link?.GrantedMicroseconds ?? 0;
            var lag = heard == 0 ? TimeSpan.MaxValue : TimeSpan.FromMicroseconds(Clock.BootMicroseconds() - heard);
            return new VerifierHealth(now, link?.Node, TimeSpan.FromMicroseconds(lease), memory.Place?.Sequence ?? 0, lag, memory.Count, problem);
        }
    }

    /// <summary>How often a node was asked about a token, in all. What is answered from memory asks nobody.</summary>
    public long Questions => questions.Asked;

    /// <summary>Waits until it holds its first lease, and memory is filled if it is to be.</summary>
    /// <exception cref="WarderException">The management key may not preload.</exception>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => (options.Preload ? preloader.First : ready.Task).WaitAsync(cancellationToken);

    /// <summary>
    /// Decides from memory alone: no lock, no I/O, nothing allocated. False when memory does not hold the key, or may not be answered from:
    /// then <see cref="ValidateAsync"/> asks.
    /// </summary>
    /// <param name="value">What the caller presented, in ASCII.</param>
    /// <param name="permissions">What the key must have.</param>
    /// <param name="decision">The answer, if there is one; else <see cref="Contracts.Keys.DecisionCode.Unavailable"/>.</param>
    /// <param name="atLeast">The sequence number of an event that memory must include to be answered from; 0: none in particular.</param>
    public bool TryValidate(ReadOnlySpan<byte> value, RequiredPermissions permissions, out KeyDecision decision, long atLeast = 0)
    {
        var isKnown = memory.TryDecide(value, permissions, atLeast, out var own);
        decision = new KeyDecision(own);
        return isKnown && Counted(decision);
    }

    /// <summary>The same for text.</summary>
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
    /// Asks whether a key is good, and has these permissions. A denial is an answer, not an exception; so is that it cannot be known now.
    /// What is in memory is answered at once, and nothing is allocated.
    /// </summary>
    /// <param name="value">What the caller presented.</param>
    /// <param name="permissions">What the key must have; null: nothing.</param>
    /// <param name="atLeast">
    /// The sequence number of an event: the answer is from a state that includes it, whatever clocks do; its node is asked when memory does
    /// not. Where the log does not have it, that is not known yet. 0: none in particular.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting for the node.</param>
    public ValueTask<KeyDecision> ValidateAsync(SecretString value, RequiredPermissions? permissions = null, long atLeast = 0, CancellationToken cancellationToken = default)
    {
        var required = permissions ?? RequiredPermissions.None;
        return TryValidate(value.Reveal(), required, out var decision, atLeast)
            ? new ValueTask<KeyDecision>(decision)
            : new ValueTask<KeyDecision>(AskAsync(value.Reveal(), required, atLeast, cancellationToken));
    }

    /// <summary>
    /// Decides about many tokens from memory alone, each as <see cref="TryValidate(ReadOnlySpan{char}, RequiredPermissions, out
    /// KeyDecision,
    /// long)"/> does; where memory is large, for far less each. Those that memory cannot be asked about are <see
    /// cref="Contracts.Keys.DecisionCode.Unavailable"/>: <see cref="ValidateManyAsync"/> asks.
    /// </summary>
    /// <param name="presented">What callers presented.</param>
    /// <param name="decisions">The answers, each in the place of its token.</param>
    /// <param name="atLeast">The sequence number of an event that memory must include to be answered from; 0: none in particular.</param>
    /// <returns>Whether all were decided.</returns>
    /// <exception cref="ArgumentException">There is no place for each answer.</exception>
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
    /// Asks about many tokens, each as <see cref="ValidateAsync"/> does. What is in memory is answered at once and nothing is allocated;
    /// for the rest the node is asked, some hundred tokens at a time.
    /// </summary>
    /// <param name="presented">What callers presented; not to be written before all is answered.</param>
    /// <param name="decisions">The answers, each in the place of its token; not to be read before all is answered.</param>
    /// <param name="atLeast">The sequence number of an event that each answer's state must include; 0: none in particular.</param>
    /// <param name="cancellationToken">Gives up waiting for the node.</param>
    /// <exception cref="ArgumentException">There is no place for each answer.</exception>
    public ValueTask ValidateManyAsync(ReadOnlyMemory<PresentedToken> presented, Memory<KeyDecision> decisions, long atLeast = 0, CancellationToken cancellationToken = default)
        => TryValidateMany(presented.Span, decisions.Span, atLeast) ? default : new ValueTask(AskManyAsync(presented, decisions, atLeast, cancellationToken));

    /// <summary>
    /// Gives up the lease, says so to the node, and ends. Validations are <see cref="Contracts.Keys.DecisionCode.Unavailable"/> from then
    /// on.
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

    private async Task<KeyDecision> AskAsync(string value, RequiredPermissions permissions, long atLeast, CancellationToken cancellation)
    {
        var decision = await AskNodeAsync(value, permissions, atLeast, cancellation);
        counts.Count(decision.Code);
        return new KeyDecision(decision);
    }

    private async Task<Decision> AskNodeAsync(string value, RequiredPermissions permissions, long atLeast, CancellationToken cancellation)
    {
        var until = Clock.BootMicroseconds() + (options.Timeout.Ticks / TimeSpan.TicksPerMicrosecond);
        var isWhole = memory.IsBelowLevel;
        var decision = await AskOnceAsync(value, permissions, atLeast, isWhole, until, cancellation);
        // The key that came said for the first time that the environment requires a higher level.
        if (decision is { Code: DecisionCode.Unavailable } && !isWhole && memory.IsBelowLevel)
            decision = await AskOnceAsync(value, permissions, atLeast, isWhole: true, until, cancellation);
        return decision ?? Decision.Deny(DecisionCode.Unavailable);
    }

    // Null: there was no answer by that time.
    private async Task<Decision?> AskOnceAsync(
        string value, RequiredPermissions permissions, long atLeast, bool isWhole, long untilMicroseconds, CancellationToken cancellation)
    {
        if (IsOutOfTouch() || questions.Ask(value, atLeast, isWhole ? permissions : null) is not { } question)
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

    private async Task AskManyAsync(ReadOnlyMemory<PresentedToken> presented, Memory<KeyDecision> decisions, long atLeast, CancellationToken cancellation)
    {
        var asked = new Queue<(int Place, Task<KeyDecision> Answer)>();
        for (var place = 0; place < presented.Length || asked.Count > 0; place++)
        {
            if (place < presented.Length && decisions.Span[place].Reason == DecisionCode.Unavailable)
            {
                var token = presented.Span[place];
                asked.Enqueue((place, AskAsync(token.Value.Reveal(), token.Required, atLeast, cancellation)));
            }

            if (asked.Count == MostAskedTogether || (place >= presented.Length && asked.Count > 0))
            {
                var (first, answer) = asked.Dequeue();
                var decision = await answer;
                decisions.Span[first] = decision;
            }
        }
    }

    // While no node answers nobody waits for one: each would hold its caller until it times out.
    private bool IsOutOfTouch()
        => disposed != 0 || state == VerifierState.Unauthorized
            || (Volatile.Read(ref lostMicroseconds) is not 0 and var since && Clock.BootMicroseconds() - since > OutOfTouchMicroseconds);

    private async Task Follow()
    {
        var failures = 0;
        for (var place = 0; disposed == 0; )
        {
            var wasGranted = await Connect(options.Nodes[place % options.Nodes.Count]);
            // Where it was granted a lease before it tries first: no change has to wait there for who has gone elsewhere.
            failures = wasGranted ? 0 : failures + 1;
            if (!wasGranted)
                place++;
            if (failures >= options.Nodes.Count)
                await Pause(failures - options.Nodes.Count);
        }
    }

    // Whether a lease was granted, before the connection was over.
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
            // Whatever it is: memory may have taken half of something.
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

    // One line for each time that the state changes, however often it is tried.
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
            // It is disposed of.
        }
    }

    private string NewIdentity() => Convert.ToHexStringLower(entropy.Bytes(IdentityBytes));

    [LoggerMessage(Level = LogLevel.Information, Message = "The verifier is connected to {Node}")]
    private static partial void LogConnected(ILogger logger, Uri node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The verifier has no connection, and answers from memory until its lease ends: {Problem}")]
    private static partial void LogLost(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The verifier is refused, and denies every key as unavailable: {Problem}")]
    private static partial void LogUnauthorized(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The verifier could not apply what its node sent. It has emptied its memory, and begins anew")]
    private static partial void LogForgotten(ILogger logger, Exception exception);
}
