using System.Security.Cryptography;
using Warder.Core.Leases;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Hosting;
using Warder.Storage;
using Warder.Storage.Verification;

namespace Warder.Engine.Verification;

/// <summary>Answers validations: from memory on a hit, from one read of the store on a miss.</summary>
internal sealed class Validator
{
    private const int Stripes = 64;

    private readonly Lock[] stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private readonly Store store;
    private readonly KeyCache cache;
    private readonly Lease lease;
    private readonly Clock clock;
    private readonly DecisionCounts counts;
    private readonly Func<LoadedKey, LoadedKey>? loading;

    /// <summary>Who may read the store now, of those that memory does not answer.</summary>
    public MissGate Misses { get; } = new();

    public Validator(Store store, KeyCache cache, Lease lease, Clock clock, DecisionCounts counts, Func<LoadedKey, LoadedKey>? loading = null)
        => (this.store, this.cache, this.lease, this.clock, this.counts, this.loading) = (store, cache, lease, clock, counts, loading);

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
        if (!TryDecide(token, environment, permissions, atLeast, out var decision, out var tag))
            decision = Read(tag, token, environment, new ValidationRequest(environment.Number, permissions), atLeast);
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
        if (!TryDecide(token, environment, permissions, atLeast, out decision, out var tag))
        {
            if (!place.TryTake())
                return false;
            decision = Read(tag, token, environment, new ValidationRequest(environment.Number, permissions), atLeast);
        }

        counts.Count(decision.Code);
        return true;
    }

    /// <summary>The same as <see cref="Validate"/>, for a replica that counts the decision itself.</summary>
    /// <exception cref="StorageException">It is not in memory, and the store cannot be read.</exception>
    public Decision ValidateFor(ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast)
        => TryDecide(token, environment, permissions, atLeast, out var decision, out var tag)
            ? decision
            : Read(tag, token, environment, new ValidationRequest(environment.Number, permissions), atLeast);

    /// <summary>
    /// Reads what the store knows of a token, for who decides elsewhere: the key, or why there is none. In a state that includes an event,
    /// as <see cref="Validate"/> has it.
    /// </summary>
    /// <exception cref="StorageException">The store cannot be read.</exception>
    public (DecisionCode Code, LoadedKey? Key) Read(ReadOnlySpan<byte> token, EnvironmentState environment, long atLeast)
    {
        if (IsBehind(atLeast))
            return Known(ReadAsOf(token, environment.Number, atLeast));
        if (environment.Forms.Refuse(token) is { } code)
            return (code, null);
        return Known((DecisionCode.NotFound, KeyLoader.Load(store, environment.Number, SHA256.HashData(token))));
    }

    // Of a key whose environment requires a higher level than this node's, the node does not know all that a decision takes: it hands on
    // nothing of it.
    private (DecisionCode Code, LoadedKey? Key) Known((DecisionCode Code, LoadedKey? Key) read)
        => read.Key is { } key && !cache.Knows(key) ? (DecisionCode.Unavailable, null) : read;

    // From memory; or without a look at the store, where the token can be no key's.
    private bool TryDecide(
        ReadOnlySpan<byte> token, EnvironmentState environment, ReadOnlySpan<byte> permissions, long atLeast, out Decision decision, out UInt128 tag)
    {
        tag = cache.TagOf(token, environment.Number);
        decision = default;
        if (IsBehind(atLeast))
            return false;
        // The lease is looked at for each decision, before memory is.
        if (lease.IsHeld && cache.TryDecide(tag, new ValidationRequest(environment.Number, permissions), clock.Now(), out decision))
            return true;
        if (environment.Forms.Refuse(token) is not { } code)
            return false;
        decision = Decision.Deny(code);
        return true;
    }

    private Decision Read(UInt128 tag, ReadOnlySpan<byte> token, EnvironmentState environment, in ValidationRequest request, long atLeast)
    {
        if (IsBehind(atLeast))
            return DecideAsOf(tag, token, request, atLeast);
        var digest = SHA256.HashData(token);
        // One read at a time for a token: who waited finds it in memory. Nobody joins a read that began before its own request did.
        lock (stripes[(int)((ulong)tag % Stripes)])
        {
            var held = lease.IsHeld;
            if (held && cache.TryDecide(tag, request, clock.Now(), out var decision))
                return decision;
            if (KeyLoader.Load(store, environment.Number, digest) is not { } loaded)
                return Decision.Deny(DecisionCode.NotFound);
            if (loading is not null)
                loaded = loading(loaded);
            return held ? cache.DecideLoaded(tag, loaded, request, clock.Now()) : cache.DecideApart(tag, loaded, request, clock.Now());
        }
    }

    // What memory has applied is looked at before anything of memory is.
    private bool IsBehind(long atLeast) => atLeast > 0 && cache.Applied < atLeast;

    // From the one read, and from nothing of memory: that is from before the event.
    private Decision DecideAsOf(UInt128 tag, ReadOnlySpan<byte> token, in ValidationRequest request, long atLeast)
    {
        var (code, key) = ReadAsOf(token, request.Environment, atLeast);
        return key is null ? Decision.Deny(code) : cache.DecideApart(tag, key, request, clock.Now());
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
}
