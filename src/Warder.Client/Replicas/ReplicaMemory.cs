using System.Runtime.CompilerServices;
using Warder.Core.Keys;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Protocol;

namespace Warder.Client.Replicas;

/// <summary>
/// The keys that a replica holds, and the changes that messages of its node make to them. <see cref="MemoryDecider"/> has the rules for
/// answering from memory. This class does no I/O and never waits.
/// </summary>
/// <remarks>Any number of threads decide; one thread at a time takes messages of the node.</remarks>
internal sealed class ReplicaMemory
{
    /// <summary>The largest number of tokens that are looked up together.</summary>
    public const int MostTogether = MemoryDecider.MostTogether;

    private readonly Entropy entropy;
    private readonly int capacity;
    private readonly int level;
    private readonly Lease lease;
    // Uses of forgotten keys since the last report. The list guards itself.
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
    /// Whether the environment is known to require a higher feature level than this replica has. Its node then makes the decisions. Once
    /// true, it stays true.
    /// </summary>
    public bool IsBelowLevel => isBelowLevel;

    /// <summary>The place in the log that memory has applied; null while memory is empty.</summary>
    public LogPlace? Place => place;

    /// <summary>How often memory was cleared and started again.</summary>
    public int Generation => generation;

    /// <summary>The number of secrets in memory.</summary>
    public int Count => memory.Cache.Count;

    /// <summary>The remaining time of the lease, in microseconds; zero or less when memory may not be answered from.</summary>
    public long LeaseMicroseconds => lease.RemainingMicroseconds;

    /// <summary>Decides from memory.</summary>
    /// <returns>False when the lease is over, when memory does not include the event, or when it does not hold the token.</returns>
    public bool TryDecide(ReadOnlySpan<byte> token, RequiredPermissions permissions, long atLeast, out Decision decision)
        => memory.TryDecide(new ReplicaView(this), token, permissions.Lines, atLeast, out decision);

    /// <summary>
    /// Decides several tokens from memory by their tags. An undecided token is <see cref="DecisionCode.Unavailable"/>; the caller may still
    /// decide it alone.
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

    /// <summary>Holds a key before it is first presented.</summary>
    /// <returns>False when there is no room.</returns>
    public bool Preload(ReadOnlySpan<byte> digest, LoadedKey key) => memory.Cache.Preload(digest, key);

    /// <summary>
    /// Decides from a key that the node has just sent, and holds the key if it is not older than the applied state. The state of memory
    /// counts only when memory includes the event.
    /// </summary>
    public Decision Decide(ReadOnlySpan<byte> token, LoadedKey key, RequiredPermissions permissions, long atLeast)
    {
        if (!memory.Cache.Knows(key))
            isBelowLevel = true;
        return memory.Decide(new ReplicaView(this), token, key, permissions.Lines, atLeast);
    }

    /// <summary>Applies a log delta.</summary>
    /// <returns>False when memory missed an earlier event; the delta is then not applied at all.</returns>
    /// <exception cref="FormatException">The delta is not in the form that nodes send.</exception>
    public bool Take(LogDelta news)
    {
        if (place is not { } mine || news.After != mine.Sequence || news.Place.Sequence < mine.Sequence)
            return false;
        foreach (var each in news.Events)
        {
            var effects = CacheDeltaText.Read(each.CacheDeltas);
            // Token formats belong to management. An event kind that only a newer version knows may change the formats.
            if (effects.Any(static effect => effect.Kind == CacheDeltaKind.Environment || (!effect.IsKnown && effect.ConcernsManagement)))
                forms = null;
            memory.Cache.Apply(each.Sequence, effects);
        }

        // The last events of the delta can belong to other environments.
        if (news.Place.Sequence > memory.Cache.Applied)
            memory.Cache.Apply(news.Place.Sequence, []);

        place = news.Place;
        return true;
    }

    /// <summary>Takes a lease: memory first applies the grant's delta, then the lease's time counts.</summary>
    /// <returns>False when memory cannot apply the delta; the lease is then not taken.</returns>
    /// <param name="grant">The node's grant.</param>
    /// <param name="requestedMicroseconds">The boot-clock time before the request was sent.</param>
    /// <param name="isFirst">Whether the grant is the first of this node. The node's clock then becomes the clock that expiry uses.</param>
    /// <exception cref="FormatException">The grant is not in the form that nodes send.</exception>
    public bool Take(LeaseGrant grant, long requestedMicroseconds, bool isFirst)
    {
        if (grant.Reset)
        {
            // Memory never returns to a state before one that it has acknowledged.
            if (grant.Delta.Place.Sequence < place?.Sequence)
                return false;
            BeginAt(grant.Delta.Place);
        }
        else if (!Take(grant.Delta))
        {
            return false;
        }

        forms = grant.Forms is { } told ? KeyReader.Read(told) : null;
        var ahead = grant.Now - (requestedMicroseconds / 1_000);
        Volatile.Write(ref aheadMilliseconds, isFirst ? ahead : Math.Max(ahead, Volatile.Read(ref aheadMilliseconds)));
        lease.Extend(requestedMicroseconds + Math.Min(grant.Microseconds, LeaseTerms.MostMilliseconds * 1_000L));
        return true;
    }

    /// <summary>Releases the lease.</summary>
    public void ReleaseLease() => lease.Drop();

    /// <summary>Releases the lease and clears memory, its place in the log included.</summary>
    public void Forget()
    {
        lease.Drop();
        place = null;
        forms = null;
        Replace(0);
    }

    /// <summary>Begins a report of uses: <see cref="NextUses"/> returns the uses up to now.</summary>
    public void BeginUses() => memory.Cache.Usage.Begin();

    /// <summary>Takes the next uses of the report; empty when all were taken.</summary>
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
