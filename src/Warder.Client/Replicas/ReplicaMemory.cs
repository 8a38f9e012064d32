using System.Runtime.CompilerServices;
using Warder.Contracts.Replicas;
using Warder.Core.Keys;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;

namespace Warder.Client.Replicas;

/// <summary>
/// What a replica knows of keys, and its lease: whether it may answer from that. The protocol's rules for a replica are here, and nothing
/// that is sent or waited for.
/// </summary>
/// <remarks>Any number of threads decide; messages of the node are taken by one thread at a time.</remarks>
internal sealed class ReplicaMemory
{
    /// <summary>How many tokens are looked up together, at most: as many as a processor can wait for at once.</summary>
    public const int MostTogether = 16;

    private readonly Entropy entropy;
    private readonly int capacity;
    private readonly int level;
    private readonly Lease lease;
    // Uses of what was forgotten since they were last asked for. Guards itself.
    private readonly List<Usage> forgotten = [];
    private volatile KeyCache cache;
    private volatile LogPlace? place;
    private volatile AcceptedTokenFormats? forms;
    private volatile bool isPreloaded;
    private volatile bool isBelowLevel;
    private volatile int generation;
    private long aheadMilliseconds;

    public ReplicaMemory(Entropy entropy, int capacity, Lease lease, int level = FeatureLevel.Current)
    {
        (this.entropy, this.capacity, this.lease, this.level) = (entropy, capacity, lease, level);
        cache = new KeyCache(entropy, capacity, level);
    }

    /// <summary>
    /// Whether the environment is known to require a higher feature level than this replica has: then its node makes the decisions. It
    /// stays so.
    /// </summary>
    public bool IsBelowLevel => isBelowLevel;

    /// <summary>What it has applied; null while it has nothing.</summary>
    public LogPlace? Place => place;

    /// <summary>How often it has begun anew.</summary>
    public int Generation => generation;

    /// <summary>How many secrets it holds.</summary>
    public int Count => cache.Count;

    /// <summary>How long it may answer from memory yet; zero or less when it may not.</summary>
    public long LeaseMicroseconds => lease.RemainingMicroseconds;

    /// <summary>
    /// Decides from memory. False when memory may not be answered from, is from before the event, or does not hold the token.
    /// </summary>
    public bool TryDecide(ReadOnlySpan<byte> token, RequiredPermissions permissions, long atLeast, out Decision decision)
    {
        var named = cache;
        var tag = named.TagOf(token, KeyReader.Environment);
        // Where memory is large the clock is read while the processor waits for it.
        named.Prefetch(tag);
        // The lease is looked at for each decision, before memory is.
        var now = Clock.BootMicroseconds();
        if (!lease.IsHeldAt(now) || !Includes(atLeast))
        {
            decision = Decision.Deny(DecisionCode.Unavailable);
            return false;
        }

        var current = cache;
        // It has begun anew meanwhile: what was is not answered from any more, and names tokens otherwise.
        if (current != named)
            tag = current.TagOf(token, KeyReader.Environment);
        var request = new ValidationRequest(KeyReader.Environment, permissions.Lines);
        if (current.TryDecide(tag, request, NodeTime(now), out decision))
            return true;
        // Like memory, it is good under the lease: whoever changes it waits until this has forgotten it.
        if (forms?.Refuse(token) is { } code)
        {
            decision = Decision.Deny(code);
            return true;
        }

        return isPreloaded && current.Recognize(tag, token) && current.TryDecide(tag, request, NodeTime(now), out decision);
    }

    /// <summary>
    /// Decides about several tokens from what memory holds by their tags, and has it brought near for all of them first: where memory is
    /// large, waiting for it is most of the work. What is left undecided is <see cref="DecisionCode.Unavailable"/>, and may yet be decided
    /// one by one.
    /// </summary>
    [SkipLocalsInit]
    public void DecideMany(ReadOnlySpan<PresentedToken> tokens, long atLeast, Span<KeyDecision> decisions)
    {
        var now = Clock.BootMicroseconds();
        if (!lease.IsHeldAt(now) || !Includes(atLeast))
        {
            decisions.Clear();
            return;
        }

        var current = cache;
        Span<UInt128> tags = stackalloc UInt128[MostTogether];
        tags = tags[..tokens.Length];
        // All of them are looked at before any is read: each lies somewhere else, and so they are waited for together.
        var longest = 0;
        foreach (ref readonly var each in tokens)
            longest = Math.Max(longest, each.Value.Reveal().Length);
        Span<byte> token = stackalloc byte[Math.Min(longest, PresentedToken.MaxBytes)];
        for (var i = 0; i < tokens.Length; i++)
            tags[i] = tokens[i].TryRead(token, out var length) ? current.TagOf(token[..length], KeyReader.Environment) : default;
        current.Prefetch(tags);
        var time = NodeTime(now);
        for (var i = 0; i < tokens.Length; i++)
        {
            var request = new ValidationRequest(KeyReader.Environment, tokens[i].Required.Lines);
            current.TryDecide(tags[i], request, time, out var decision);
            decisions[i] = new KeyDecision(decision);
        }
    }

    /// <summary>Keeps a key that nobody has presented yet. False when there is no more room.</summary>
    public bool Preload(ReadOnlySpan<byte> digest, LoadedKey key)
    {
        isPreloaded = true;
        return cache.Preload(digest, key);
    }

    /// <summary>
    /// Decides from what the node has just told, and keeps it if that is not older than what was applied. What memory holds counts only
    /// when it is from behind the event.
    /// </summary>
    public Decision Decide(ReadOnlySpan<byte> token, LoadedKey key, RequiredPermissions permissions, long atLeast)
    {
        var now = Clock.BootMicroseconds();
        var held = lease.IsHeldAt(now) && Includes(atLeast);
        var current = cache;
        if (!current.Knows(key))
            isBelowLevel = true;
        var tag = current.TagOf(token, KeyReader.Environment);
        var request = new ValidationRequest(KeyReader.Environment, permissions.Lines);
        return held ? current.DecideLoaded(tag, key, request, NodeTime(now)) : current.DecideApart(tag, key, request, NodeTime(now));
    }

    /// <summary>Applies what came in the log. False when something before it was missed: then nothing of it is.</summary>
    /// <exception cref="FormatException">It is not what a node tells.</exception>
    public bool Take(LogDelta news)
    {
        if (place is not { } mine || news.After != mine.Sequence || news.Place.Sequence < mine.Sequence)
            return false;
        foreach (var each in news.Events)
        {
            var effects = CacheDeltaText.Read(each.CacheDeltas);
            // Token formats belong to management: a kind that only a newer version knows may change them.
            if (effects.Any(static effect => effect.Kind == CacheDeltaKind.Environment || (!effect.IsKnown && effect.ConcernsManagement)))
                forms = null;
            cache.Apply(each.Sequence, effects);
        }

        place = news.Place;
        return true;
    }

    /// <summary>
    /// Takes a lease: first what it says must have been applied, then the time. False when that cannot be applied: then nothing was
    /// granted.
    /// </summary>
    /// <param name="grant">The node's word.</param>
    /// <param name="askedMicroseconds">On the boot clock, from before it was asked for.</param>
    /// <param name="isFirst">Whether it is the first of this node: its time is what counts from now on.</param>
    /// <exception cref="FormatException">It is not what a node tells.</exception>
    public bool Take(LeaseGrant grant, long askedMicroseconds, bool isFirst)
    {
        if (grant.Reset)
        {
            // It may not be taken back to a state which it has already acknowledged to be past.
            if (grant.Delta.Place.Sequence < place?.Sequence)
                return false;
            BeginAt(grant.Delta.Place);
        }
        else if (!Take(grant.Delta))
        {
            return false;
        }

        forms = grant.Forms is { } told ? KeyReader.Read(told) : null;
        var ahead = grant.Now - (askedMicroseconds / 1_000);
        Volatile.Write(ref aheadMilliseconds, isFirst ? ahead : Math.Max(ahead, Volatile.Read(ref aheadMilliseconds)));
        lease.Extend(askedMicroseconds + Math.Min(grant.Microseconds, LeaseTerms.MostMilliseconds * 1_000L));
        return true;
    }

    /// <summary>Gives the lease up.</summary>
    public void ReleaseLease() => lease.Drop();

    /// <summary>Gives the lease up and forgets everything, what was applied included.</summary>
    public void Forget()
    {
        lease.Drop();
        place = null;
        forms = null;
        Replace(0);
    }

    /// <summary>Has <see cref="NextUses"/> hand out what was used by now.</summary>
    public void BeginUses() => cache.Usage.Begin();

    /// <summary>Some of what was used; none when all was handed out.</summary>
    public List<Usage> NextUses(int most)
    {
        lock (forgotten)
        {
            if (forgotten.Count > 0)
            {
                var some = forgotten[^Math.Min(most, forgotten.Count)..];
                forgotten.RemoveRange(forgotten.Count - some.Count, some.Count);
                return some;
            }
        }

        return cache.Usage.Next(most);
    }

    // The place is moved behind what it says, so what is read of memory after it is no older.
    private bool Includes(long atLeast) => atLeast <= 0 || place?.Sequence >= atLeast;

    private void BeginAt(LogPlace at)
    {
        lease.Drop();
        Replace(at.Sequence);
        place = at;
    }

    // Whoever is still deciding from the old one began before the lease was given up.
    private void Replace(long sequence)
    {
        var before = cache;
        var fresh = new KeyCache(entropy, capacity, level);
        fresh.Flush(sequence);
        cache = fresh;
        generation++;
        lock (forgotten)
            forgotten.AddRange(before.Usage.Take());
    }

    private Instant NodeTime(long bootMicroseconds) => new((bootMicroseconds / 1_000) + Volatile.Read(ref aheadMilliseconds));
}
