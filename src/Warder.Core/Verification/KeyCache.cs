using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification.Deltas;
using Warder.Core.Verification.Tags;

namespace Warder.Core.Verification;

/// <summary>
/// The entries that validations are answered from. A hit takes no lock, does no I/O and allocates nothing.
/// </summary>
/// <remarks>
/// <para>Readers run against one writer at a time, which holds the lock. Every change happens between two steps of <c>version</c>, odd
/// while it is under way; a decision counts only when the version was even before it and the same after it, so that each is made from one
/// version of key, owner, role and permissions.</para>
/// <para>A row that was read from the store is kept only when no event that touches what it depends on has been applied after the head that
/// was read with it: a slow read can never bring back what a change has ended.</para>
/// </remarks>
public sealed class KeyCache
{
    private const int TouchSlots = 1 << 16;
    private const int Attempts = 16;
    private const int EvictionSamples = 8;
    private const int MostEvictionLooks = 64;

    private readonly Lock gate = new();
    private readonly TokenTagger tagger;
    private readonly TagIndex<KeyEntry, OwnedGrant> index = new();
    private readonly KeyChains byKey = new();
    private readonly SubjectTable subjects = new();
    // The last applied event that touched a subject, by a hash of its id: a collision only makes a read be kept less often.
    private readonly long[] touched = new long[TouchSlots];
    private readonly CacheShares shares;
    private readonly int capacity;
    private readonly int level;
    private long version;
    private long applied;
    private long floor;
    private uint evictionPlace;
    private volatile bool isPreloaded;

    /// <summary>An empty cache.</summary>
    /// <param name="entropy">For the key under which tokens are indexed: another one in each process.</param>
    /// <param name="capacity">
    /// How many entries it keeps at most; past it, of a few random ones the least recently used goes. An environment that has its share of
    /// them, the capacity divided by the number of environments, makes room among its own: what it does pushes out nothing of an
    /// environment that has less.
    /// </param>
    /// <param name="level">
    /// The feature level of the verifier: keys of environments that require a higher one are neither kept nor allowed.
    /// </param>
    public KeyCache(Entropy entropy, int capacity, int level = FeatureLevel.Current)
    {
        this.level = level;
        tagger = new TokenTagger(entropy.Bytes(TokenTagger.KeyBytes));
        this.capacity = capacity;
        shares = new CacheShares(capacity);
    }

    /// <summary>The uses since the last report.</summary>
    public UsageLog Usage { get; } = new();

    /// <summary>How many entries there are.</summary>
    public int Count => index.Count;

    /// <summary>The sequence number of the last event that was applied.</summary>
    public long Applied => Volatile.Read(ref applied);

    /// <summary>Whether a key was preloaded: then a token can be known by its digest only.</summary>
    public bool IsPreloaded => isPreloaded;

    /// <summary>What the index knows a token by: AES-CMAC under this process's key, apart for each environment.</summary>
    public UInt128 TagOf(ReadOnlySpan<byte> token, int environment)
        => tagger.Tag(token) ^ new UInt128(0, (ulong)environment * 0x9E3779B97F4A7C15);

    /// <summary>Brings near what <see cref="TryDecide"/> will look at for this tag. A hint, and nothing more.</summary>
    public void Prefetch(UInt128 tag) => index.Prefetch(tag);

    /// <summary>Brings near what <see cref="TryDecide"/> will look at for each of these tags. A hint, and nothing more.</summary>
    public void Prefetch(ReadOnlySpan<UInt128> tags) => index.Prefetch(tags);

    /// <summary>
    /// Decides from memory. False when memory does not hold the token: then it must be read, and is <see cref="DecisionCode.Unavailable"/>
    /// until it was.
    /// </summary>
    public bool TryDecide(UInt128 tag, in ValidationRequest request, Instant now, out Decision decision)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var before = Volatile.Read(ref version);
            if ((before & 1) == 0)
            {
                if (!index.TryFind(tag, out var found))
                    break;
                decision = DecisionRules.Decide(found.Entry, found.Beside, new Horizon(found.BesideNumber), request, now);
                // What was read above must be read before the version is read again. Nothing is kept from beginning what comes next: where
                // memory is slow, that is most of it.
                Volatile.ReadBarrier();
                if (Volatile.Read(ref version) == before)
                {
                    if (decision.Allow)
                        Usage.Note(found.Entry, now.UnixMilliseconds);
                    return true;
                }
            }

            Thread.SpinWait(20);
        }

        decision = Decision.Deny(DecisionCode.Unavailable);
        return false;
    }

    /// <summary>Decides from what was read of the store, and keeps it when it is not older than what has been applied.</summary>
    public Decision DecideLoaded(UInt128 tag, LoadedKey key, in ValidationRequest request, Instant now)
    {
        if (!Knows(key))
            return default;
        Decision decision;
        lock (gate)
        {
            if (index.Find(tag) is { } present)
            {
                decision = DecisionRules.Decide(present, request, now);
            }
            else if (IsCurrent(key) && (index.Count < capacity || TryEvict(key.Environment)))
            {
                decision = DecisionRules.Decide(Insert(tag, key), request, now);
            }
            else
            {
                // There is no room that it may take, or it is stale for keeping, sound for this request: it began before the change that
                // overtook its read returned.
                decision = Apart(tag, key, request, now);
            }
        }

        return Noted(decision, now);
    }

    /// <summary>
    /// Decides from a key that was just read from the store, and from nothing else: for a verifier without a lease, which may not answer
    /// from memory.
    /// </summary>
    public Decision DecideApart(UInt128 tag, LoadedKey key, in ValidationRequest request, Instant now)
        => Knows(key) ? Noted(Apart(tag, key, request, now), now) : default;

    /// <summary>
    /// Whether the verifier knows each input that decisions about a key take. The level is of the key's own snapshot: memory may not know
    /// yet that it was raised.
    /// </summary>
    public bool Knows(LoadedKey key) => key.RequiredLevel <= level;

    /// <summary>
    /// Holds a key before it is first presented, under its secret's digest until it is used. Returns false when there is no room; a preload
    /// evicts no entry.
    /// </summary>
    /// <param name="digest">SHA-256 of the secret.</param>
    /// <param name="key">The key as it was read. A key that has changed since is not held.</param>
    public bool Preload(ReadOnlySpan<byte> digest, LoadedKey key)
    {
        var tag = TagOfDigest(digest);
        isPreloaded = true;
        lock (gate)
        {
            if (index.Count >= capacity)
                return false;
            if (Knows(key) && index.Find(tag) is null && IsCurrent(key))
                Insert(tag, key);
            return true;
        }
    }

    /// <summary>Has a token that was preloaded be known by its tag from now on. False when it was not, or is gone.</summary>
    public bool Recognize(UInt128 tag, ReadOnlySpan<byte> token)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(token, digest);
        lock (gate)
        {
            if (index.Find(TagOfDigest(digest)) is not { } entry)
                return false;
            index.Remove(entry);
            byKey.Remove(entry);
            if (index.Find(tag) is not null)
            {
                Release(entry);
                return true;
            }

            var known = new KeyEntry(tag, entry);
            byKey.Add(known);
            index.Add(known);
            return true;
        }
    }

    // A collision with a token's tag or another digest's is as unlikely as one of two tokens. An attacker that can choose tokens can choose
    // digests, and cannot know their tags.
    private UInt128 TagOfDigest(ReadOnlySpan<byte> digest) => ~tagger.Tag(digest);

    /// <summary>Applies the effects of one event: when this returns, no decision that starts is made from the state before it.</summary>
    public void Apply(long sequence, IReadOnlyList<CacheDelta> effects)
    {
        lock (gate)
        {
            BeginChange();
            try
            {
                foreach (var effect in effects)
                    Apply(effect, sequence);
            }
            finally
            {
                // Left odd, the version would be even during every later change: readers would trust what is being written.
                EndChange(sequence);
            }
        }
    }

    /// <summary>Forgets everything, and will keep nothing that was read before the given sequence number.</summary>
    public void Flush(long sequence)
    {
        lock (gate)
        {
            BeginChange();
            Forget(sequence);
            EndChange(Math.Max(sequence, applied));
        }
    }

    private void Forget(long sequence)
    {
        var entries = new List<KeyEntry>(index.Count);
        index.ForEach(entries.Add);
        foreach (var entry in entries)
            RemoveEntry(entry);
        floor = Math.Max(floor, sequence);
    }

    private static Decision Apart(UInt128 tag, LoadedKey key, in ValidationRequest request, Instant now)
        => DecisionRules.Decide(new SubjectTable().Link(tag, key), request, now);

    private Decision Noted(Decision decision, Instant now)
    {
        if (decision is { Allow: true, Entry: { } entry })
            Usage.Note(entry, now.UnixMilliseconds);
        return decision;
    }

    private void BeginChange() => Interlocked.Increment(ref version);

    private void EndChange(long sequence)
    {
        Volatile.Write(ref applied, sequence);
        Interlocked.Increment(ref version);
    }

    private void Apply(CacheDelta effect, long sequence)
    {
        switch (effect.Kind)
        {
            case CacheDeltaKind.Key:
                RemoveKey(Touch(IdKind.ApiKey, effect.Id, sequence));
                break;
            case CacheDeltaKind.OrganizationEnded:
                if (subjects.Organization(Touch(IdKind.Organization, effect.Id, sequence)) is { } organization)
                    organization.Ended = true;
                break;
            case CacheDeltaKind.UserEnded:
                if (subjects.User(Touch(IdKind.User, effect.Id, sequence)) is { } user)
                    user.Ended = true;
                break;
            case CacheDeltaKind.Membership:
                ApplyMembership(Touch(IdKind.Membership, effect.Id, sequence), effect.Argument.Split(','));
                break;
            case CacheDeltaKind.Role:
                if (subjects.Role(Touch(IdKind.Role, effect.Id, sequence)) is { } role)
                    role.Permissions = CacheDelta.ReadCap(effect.Argument.Split(','))?.ToFrozenSet();
                break;
            case CacheDeltaKind.Permission:
                if (subjects.Permission(Touch(IdKind.Permission, effect.Id, sequence)) is { } permission)
                    permission.Allowed = (OwnerTypes)int.Parse(effect.Argument);
                break;
            case CacheDeltaKind.RequiredLevel:
                // What was read before has the level of its time. It is of every environment, which happens once in the life of a verifier
                // that is about to be replaced.
                if (int.Parse(effect.Argument, CultureInfo.InvariantCulture) > level)
                    Forget(sequence);
                break;
            default:
                // A kind that only a newer version knows, and that concerns keys, may concern any of them. The other parts of memory have
                // readers of their own.
                if (effect is { IsKnown: false, Concern: var concern } && (concern & CacheConcern.Keys) != 0)
                    Forget(sequence);
                break;
        }
    }

    private void ApplyMembership(UInt128 id, string[] argument)
    {
        if (subjects.Membership(id) is not { } membership)
            return;
        subjects.Move(membership, Id.Parse(IdKind.Role, argument[1]), CacheDelta.ReadCap(argument.AsSpan(2)));
        membership.Status = (MembershipStatus)int.Parse(argument[0]);
    }

    private UInt128 Touch(IdKind kind, string id, long sequence)
    {
        var body = Id.Parse(kind, id);
        touched[TouchSlot(body)] = sequence;
        return body;
    }

    // The last bits of an id are random.
    private static int TouchSlot(UInt128 id) => (int)((ulong)id & (TouchSlots - 1));

    private bool IsCurrent(LoadedKey key)
    {
        var read = key.AsOfSequence;
        if (read < floor || read < touched[TouchSlot(key.Id)] || !key.Owner.Match<UntouchedSince, bool>(new(touched, read)))
            return false;
        foreach (var permission in key.Grant.Permissions)
        {
            if (read < touched[TouchSlot(permission.Id)])
                return false;
        }

        return true;
    }

    private readonly struct UntouchedSince(long[] touched, long read) : IOwnerCases<LoadedOrganization, LoadedMembership, bool>
    {
        public bool Organization(LoadedOrganization organization) => Holds(organization.Id);

        public bool Member(LoadedOrganization organization, LoadedMembership member)
            => Holds(organization.Id) && Holds(member.Id) && Holds(member.UserId) && Holds(member.Role.Id);

        private bool Holds(UInt128 id) => read >= touched[TouchSlot(id)];
    }

    private KeyEntry Insert(UInt128 tag, LoadedKey key)
    {
        var entry = subjects.Link(tag, key);
        byKey.Add(entry);
        index.Add(entry);
        shares.Add(key.Environment);
        return entry;
    }

    private void Release(KeyEntry entry)
    {
        shares.Remove(entry.Owned.Environment);
        subjects.Unlink(entry);
    }

    private void RemoveKey(UInt128 id)
    {
        for (var each = byKey.Remove(id); each is not null; each = each.NextOfKey)
        {
            index.Remove(each);
            Release(each);
        }
    }

    private void RemoveEntry(KeyEntry entry)
    {
        if (!byKey.Remove(entry))
            return;
        index.Remove(entry);
        Release(entry);
    }

    // A few looks find one of an environment that has its share, or more, among as many environments as share a cache. Where they do not,
    // nothing goes.
    private bool TryEvict(int environment)
    {
        KeyEntry? oldest = null;
        for (int looks = 0, samples = 0; looks < MostEvictionLooks && samples < EvictionSamples; looks++)
        {
            evictionPlace = (evictionPlace * 747796405) + 2891336453;
            if (index.SampleForEviction(evictionPlace) is not { } sample || !shares.MayGo(sample.Owned.Environment, environment))
                continue;
            samples++;
            if (oldest is null || LastUse(sample) < LastUse(oldest))
                oldest = sample;
        }

        if (oldest is null)
            return false;
        RemoveEntry(oldest);
        return true;
    }

    private static long LastUse(KeyEntry entry) => entry.LastUsedAtMilliseconds == KeyEntry.Never ? 0 : entry.LastUsedAtMilliseconds;
}
