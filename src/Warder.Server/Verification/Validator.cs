using System.Security.Cryptography;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Server.Hosting;
using Warder.Storage;
using Warder.Storage.Verification;

namespace Warder.Server.Verification;

/// <summary>Answers validations: from memory on a hit, from one read of the store on a miss.</summary>
internal sealed class Validator
{
    private const int Stripes = 64;

    private readonly Lock[] stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private readonly Store store;
    private readonly MemoryDecider memory;
    private readonly Clock clock;
    private readonly DecisionCounts counts;
    private readonly Func<LoadedKey, LoadedKey>? loading;

    /// <summary>Who may read the store now, of those that memory does not answer.</summary>
    public MissGate Misses { get; } = new();

    public Validator(Store store, MemoryDecider memory, Clock clock, DecisionCounts counts, Func<LoadedKey, LoadedKey>? loading = null)
        => (this.store, this.memory, this.clock, this.counts, this.loading) = (store, memory, clock, counts, loading);

    /// <summary>Validates a token for an environment, whoever reads beside it: for callers that are few.</summary>
    /// <param name="token">What was presented.</param>
    /// <param name="environment">The environment of who asks.</param>
    /// <param name="permissions">As <see cref="ValidationRequest.Permissions"/> has them.</param>
    /// <param name="atLeast">
    /// An event that the state must include; where the log does not have it, the decision is <see cref="DecisionCode.Unavailable"/>, and
    /// only there. 0: none in particular.
    /// </param>
    /// <exception cref="StorageException">It is not in memory, and the store cannot be read.</exception>
    public Decision Validate(ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast = 0)
    {
        if (!TryDecide(token, environment, permissions, atLeast, out var decision))
            decision = Read(token, environment, permissions, atLeast);
        counts.Count(decision.Code);
        return decision;
    }

    /// <summary>
    /// The same, for a request that takes a place among those that read the store when it must read. False when it must wait for that
    /// place.
    /// </summary>
    /// <exception cref="StorageException">It is not in memory, and the store cannot be read.</exception>
    public bool TryValidate(
        ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast, ref MissPlace place, out Decision decision)
    {
        if (!TryDecide(token, environment, permissions, atLeast, out decision))
        {
            if (!place.TryTake())
                return false;
            decision = Read(token, environment, permissions, atLeast);
        }

        counts.Count(decision.Code);
        return true;
    }

    /// <summary>The same as <see cref="Validate"/>, for a replica that counts the decision itself.</summary>
    /// <exception cref="StorageException">It is not in memory, and the store cannot be read.</exception>
    public Decision ValidateFor(ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast)
        => TryDecide(token, environment, permissions, atLeast, out var decision)
            ? decision
            : Read(token, environment, permissions, atLeast);

    /// <summary>
    /// Reads what the store knows of a token, for who decides elsewhere: the key, or why there is none. In a state that includes an event,
    /// as <see cref="Validate"/> has it.
    /// </summary>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public (DecisionCode Code, LoadedKey? Key) Read(ReadOnlySpan<byte> token, EnvironmentState environment, long atLeast)
    {
        if (memory.IsBehind(atLeast))
            return Known(ReadAsOf(token, environment.Number, atLeast));
        if (environment.Forms.Refuse(token) is { } code)
            return (code, null);
        return Known((DecisionCode.NotFound, KeyLoader.Load(store, environment.Number, SHA256.HashData(token))));
    }

    // Of a key whose environment requires a higher level than this node's, the node does not know all that a decision takes: it hands on
    // nothing of it.
    private (DecisionCode Code, LoadedKey? Key) Known((DecisionCode Code, LoadedKey? Key) read)
        => read.Key is { } key && !memory.Cache.Knows(key) ? (DecisionCode.Unavailable, null) : read;

    // From memory; or without a look at the store, where the token can be no key's. The formats of the environment are from when the request was
    // authenticated, under a lease or by a read: without a lease now, they are no older than the request.
    private bool TryDecide(ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast, out Decision decision)
    {
        if (memory.TryDecide(new View(clock, environment), token, permissions, atLeast, out decision))
            return true;
        if (memory.IsBehind(atLeast) || environment.Forms.Refuse(token) is not { } code)
            return false;
        decision = Decision.Deny(code);
        return true;
    }

    private Decision Read(ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast)
    {
        if (memory.IsBehind(atLeast))
            return DecideAsOf(token, environment, permissions, atLeast);
        var digest = SHA256.HashData(token);
        // One read at a time for a token: who waited finds it in memory. Nobody joins a read that began before its own request did.
        lock (stripes[digest[0] % Stripes])
        {
            if (memory.TryDecide(new View(clock, environment), token, permissions, atLeast, out var decision))
                return decision;
            if (KeyLoader.Load(store, environment.Number, digest) is not { } loaded)
                return Decision.Deny(DecisionCode.NotFound);
            return memory.Decide(new View(clock, environment), token, loading is null ? loaded : loading(loaded), permissions, atLeast);
        }
    }

    // From the one read. Memory has its say only when it includes the event by now.
    private Decision DecideAsOf(ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast)
    {
        var (code, key) = ReadAsOf(token, environment.Number, atLeast);
        return key is null ? Decision.Deny(code) : memory.Decide(new View(clock, environment), token, key, permissions, atLeast);
    }

    // One snapshot that has the event in it, of the environment too: memory may not have heard of a new import scheme either.
    private (DecisionCode Code, LoadedKey? Key) ReadAsOf(ReadOnlySpan<byte> token, int environment, long atLeast)
    {
        var presented = token.ToArray();
        return store.ReadSnapshot(session =>
        {
            if (Log.Head(session).Sequence < atLeast)
                return (DecisionCode.Unavailable, null);
            return EnvironmentState.ReadForms(session, environment).Refuse(presented) is { } code
                ? (code, (LoadedKey?)null)
                : (DecisionCode.NotFound, KeyLoader.Load(session, environment, SHA256.HashData(presented)));
        });
    }

    private readonly struct View(Clock clock, EnvironmentState environment) : IMemoryView
    {
        public static bool NeedsBootClock => false;

        public int Environment => environment.Number;

        public AcceptedTokenFormats? Formats => environment.Forms;

        public Instant Now(long bootMicroseconds) => clock.Now();
    }
}
