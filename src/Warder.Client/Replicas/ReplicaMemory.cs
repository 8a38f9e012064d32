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
/// What a replica knows of keys, and how messages of its node change it. <see cref="MemoryDecider"/> has the rules for answering from it;
/// nothing here is sent or waited for.
/// </summary>
/// <remarks>Any number of threads decide; messages of the node are taken by one thread at a time.</remarks>
internal sealed class ReplicaMemory
{
    /// <summary>How many tokens are looked up together, at most.</summary>
    public const int MostTogether = MemoryDecider.MostTogether;

    private readonly Entropy entropy;
    private readonly int capacity;
    private readonly int level;
    private readonly Lease lease;
    // Uses of what was forgotten since they were last asked for. Guards itself.
    private readonly List<Usage> forgotten = [];
    private readonly MemoryDecider memory;
    private volatile LogPlace? place;
    private volatile AcceptedTokenFormats? forms;
    private volatile bool isBelowLevel;
    private volatile int generation;
    private long aheadMilliseconds;

    public ReplicaMemory(Entropy entropy, int capacity, Lease lease, int level = FeatureLevel.Current)
    {
        (this.entropy, this.capacity, this.lease, this.level) = (entropy, capacity, lease, level);
        memory = new MemoryDecider(lease, new KeyCache(entropy, capacity, level));
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
    public int Count => memory.Cache.Count;

    /// <summary>How long it may answer from memory yet; zero or less when it may not.</summary>
    public long LeaseMicroseconds => lease.RemainingMicroseconds;

    /// <summary>
    /// Decides from memory. False when memory may not be answered from, is from before the event, or does not hold the token.
    /// </summary>
    public bool TryDecide(ReadOnlySpan<byte> token, RequiredPermissions permissions, long atLeast, out Decision decision)
        => memory.TryDecide(new ReplicaView(this), token, permissions.Lines, atLeast, out decision);

    /// <summary>
    /// Decides about several tokens from what memory holds by their tags. What is left undecided is <see cref="DecisionCode.Unavailable"/>,
    /// and may yet be decided one by one.
    /// </summary>
    public void DecideMany(ReadOnlySpan<PresentedToken> tokens, long atLeast, Span<KeyDecision> decisions)
    {
        var buffer = default(DecisionBuffer);
        Span<Decision> decided = buffer;
        decided = decided[..tokens.Length];
        memory.DecideMany(new ReplicaView(this), new Tokens(tokens), atLeast, decided);
        for (var i = 0; i < decided.Length; i++)
            decisions[i] = new KeyDecision(decided[i]);
    }

    /// <summary>Keeps a key that nobody has presented yet. False when there is no more room.</summary>
    public bool Preload(ReadOnlySpan<byte> digest, LoadedKey key) => memory.Cache.Preload(digest, key);

    /// <summary>
    /// Decides from what the node has just told, and keeps it if that is not older than what was applied. What memory holds counts only
    /// when it is from behind the event.
    /// </summary>
    public Decision Decide(ReadOnlySpan<byte> token, LoadedKey key, RequiredPermissions permissions, long atLeast)
    {
        if (!memory.Cache.Knows(key))
            isBelowLevel = true;
        return memory.Decide(new ReplicaView(this), token, key, permissions.Lines, atLeast);
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
            memory.Cache.Apply(each.Sequence, effects);
        }

        // The last events of the delta are of other environments.
        if (news.Place.Sequence > memory.Cache.Applied)
            memory.Cache.Apply(news.Place.Sequence, []);

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
    public void BeginUses() => memory.Cache.Usage.Begin();

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

        return memory.Cache.Usage.Next(most);
    }

    private void BeginAt(LogPlace at)
    {
        Replace(at.Sequence);
        place = at;
    }

    private void Replace(long sequence)
    {
        var before = memory.Cache;
        var fresh = new KeyCache(entropy, capacity, level);
        fresh.Flush(sequence);
        memory.Replace(fresh);
        generation++;
        lock (forgotten)
            forgotten.AddRange(before.Usage.Take());
    }

    private Instant NodeTime(long bootMicroseconds) => new((bootMicroseconds / 1_000) + Volatile.Read(ref aheadMilliseconds));

    private readonly struct ReplicaView(ReplicaMemory memory) : IMemoryView
    {
        public static bool NeedsBootClock => true;

        public int Environment => KeyReader.Environment;

        public AcceptedTokenFormats? Formats => memory.forms;

        public Instant Now(long bootMicroseconds) => memory.NodeTime(bootMicroseconds);
    }

    [InlineArray(MostTogether)]
    private struct DecisionBuffer
    {
        private Decision first;
    }

    private readonly ref struct Tokens(ReadOnlySpan<PresentedToken> tokens) : IPresentedTokens
    {
        private readonly ReadOnlySpan<PresentedToken> tokens = tokens;

        public int Count => tokens.Length;

        public int LongestBytes
        {
            get
            {
                var longest = 0;
                foreach (ref readonly var each in tokens)
                    longest = Math.Max(longest, each.Value.Reveal().Length);
                return longest;
            }
        }

        public bool TryRead(int index, scoped Span<byte> token, out int length) => tokens[index].TryRead(token, out length);

        public ReadOnlySpan<byte> Permissions(int index) => tokens[index].Required.Lines;
    }
}
