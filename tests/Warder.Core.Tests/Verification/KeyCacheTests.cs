using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using LoadedOwner = Warder.Core.Directory.Owner<Warder.Core.Verification.LoadedOrganization, Warder.Core.Verification.LoadedMembership>;

namespace Warder.Core.Tests.Verification;

/// <summary>What memory answers after a change was applied is never from before it, however late a read arrives.</summary>
public sealed class KeyCacheTests
{
    private static readonly Instant Now = new(1_000_000);

    /// <summary>
    /// Every sequence of three changes; reads of every snapshot that arrive at every moment, in every order, for two secrets of one key.
    /// After each step a hit must be an answer of a world with all applied changes; those that are durable and not yet applied may be in it
    /// or not.
    /// </summary>
    [Fact]
    public void In_every_interleaving_a_slow_read_never_brings_back_what_a_change_has_ended()
    {
        const int Changes = 3;
        var (runs, hits) = (0, 0);
        var cache = new KeyCache(SeededTags.Entropy, 100);
        for (var code = 0; code < CachedWorld.ChangeCount * CachedWorld.ChangeCount * CachedWorld.ChangeCount; code++)
        {
            int[] changes = [code % CachedWorld.ChangeCount, code / CachedWorld.ChangeCount % CachedWorld.ChangeCount, code / CachedWorld.ChangeCount / CachedWorld.ChangeCount];
            var worlds = new CachedWorld[Changes + 1];
            worlds[0] = new CachedWorld();
            for (var i = 0; i < Changes; i++)
                worlds[i + 1] = worlds[i].After(changes[i]);
            var may = Enumerable.Range(0, Changes + 1).Select(applied => MayBe(changes, applied)).ToArray();
            // Two reads, each of some snapshot, each arriving before some change is applied, or after the last.
            for (var plan = 0; plan < 256; plan++)
            {
                var (first, firstAt, second, secondAt) = (plan & 3, plan >> 2 & 3, plan >> 4 & 3, plan >> 6);
                hits += Play(cache, changes, worlds, may, [(first, firstAt, 1), (second, secondAt, 2)]);
                runs++;
            }
        }

        Assert.Equal(442_368, runs);
        Assert.True(hits > runs, $"Only {hits} hits: nothing was kept.");
    }

    // Sequence numbers go on from run to run: a flush forgets what was.
    private static int Play(KeyCache cache, int[] changes, CachedWorld[] worlds, HashSet<DecisionCode>[] may, ReadOnlySpan<(int AsOf, int ArrivesAt, int Secret)> reads)
    {
        var origin = cache.Applied + changes.Length;
        cache.Flush(origin);
        var hits = 0;
        for (var applied = 0; applied <= changes.Length; applied++)
        {
            foreach (var (asOf, arrivesAt, secret) in reads)
            {
                if (arrivesAt != applied)
                    continue;
                var answered = cache.DecideLoaded((UInt128)secret, worlds[asOf].Read(origin + asOf, secret), Request(), Now).Code;
                if (answered != worlds[asOf].Expected() && !may[applied].Contains(answered))
                    Assert.Fail($"The read itself was answered {answered} after change {applied} of {string.Join(", ", changes)}");
                hits += Check(cache, may[applied]);
            }

            if (applied < changes.Length)
                cache.Apply(origin + applied + 1, [worlds[applied + 1].EffectOf(changes[applied])]);
            hits += Check(cache, may[Math.Min(applied + 1, changes.Length)]);
        }

        return hits;
    }

    private static int Check(KeyCache cache, HashSet<DecisionCode> may)
    {
        var hits = 0;
        for (var secret = 1; secret <= 2; secret++)
        {
            if (!cache.TryDecide((UInt128)secret, Request(), Now, out var decision))
                continue;
            hits++;
            if (!may.Contains(decision.Code))
                Assert.Fail($"{decision.Code}, and may be {string.Join(", ", may)}");
        }

        return hits;
    }

    private static HashSet<DecisionCode> MayBe(int[] changes, int applied)
    {
        var codes = new HashSet<DecisionCode>();
        for (var later = 0; later < 1 << (changes.Length - applied); later++)
        {
            var world = new CachedWorld();
            for (var i = 0; i < changes.Length; i++)
            {
                if (i < applied || (later >> (i - applied) & 1) == 1)
                    world = world.After(changes[i]);
            }

            codes.Add(world.Expected());
        }

        return codes;
    }

    [Fact]
    public void After_the_last_change_is_applied_a_fresh_read_is_kept_and_right()
    {
        for (var change = 0; change < CachedWorld.ChangeCount; change++)
        {
            var cache = new KeyCache(SeededTags.Entropy, 100);
            var before = new CachedWorld();
            var after = before.After(change);
            cache.DecideLoaded(1, before.Read(0), Request(), Now);
            cache.Apply(1, [after.EffectOf(change)]);
            cache.DecideLoaded(1, after.Read(1), Request(), Now);
            Assert.True(cache.TryDecide(1, Request(), Now, out var decision));
            Assert.Equal(after.Expected(), decision.Code);
        }
    }

    [Fact]
    public void After_a_flush_nothing_that_was_read_before_its_head_is_kept()
    {
        var cache = new KeyCache(SeededTags.Entropy, 100);
        cache.DecideLoaded(1, new CachedWorld().Read(5), Request(), Now);
        cache.Flush(7);
        Assert.Equal(0, cache.Count);
        foreach (var asOf in (long[])[0, 5, 6])
        {
            cache.DecideLoaded(1, new CachedWorld().Read(asOf), Request(), Now);
            Assert.False(cache.TryDecide(1, Request(), Now, out _));
        }

        cache.DecideLoaded(1, new CachedWorld().Read(7), Request(), Now);
        Assert.True(cache.TryDecide(1, Request(), Now, out _));
    }

    [Fact]
    public void After_a_change_that_could_not_be_applied_and_the_flush_that_follows_memory_answers_again()
    {
        var cache = new KeyCache(SeededTags.Entropy, 100);
        Assert.Throws<FormatException>(() => cache.Apply(1, [CacheDelta.OfKey("no id")]));
        cache.Flush(1);

        Assert.True(cache.DecideLoaded(1, new CachedWorld().Read(1), Request(), Now).Allow);
        Assert.True(cache.TryDecide(1, Request(), Now, out var decision));
        Assert.True(decision.Allow);
    }

    [Fact]
    public void A_delta_of_an_unknown_kind_that_concerns_keys_makes_memory_forget_all_of_them()
    {
        var cache = new KeyCache(SeededTags.Entropy, 100);
        cache.DecideLoaded(1, new CachedWorld().Read(5), Request(), Now);
        cache.Apply(6, CacheDeltaText.Read("keys.shrunk something_new \n"));
        Assert.False(cache.TryDecide(1, Request(), Now, out _));
        cache.DecideLoaded(1, new CachedWorld().Read(5), Request(), Now);
        Assert.False(cache.TryDecide(1, Request(), Now, out _));
    }

    [Theory]
    [InlineData("management.person person_1 ")]
    [InlineData("models.routes api_1 7")]
    [InlineData("none.note note_1 ")]
    public void A_delta_of_an_unknown_kind_that_does_not_concern_keys_leaves_them(string line)
    {
        var cache = new KeyCache(SeededTags.Entropy, 100);
        cache.DecideLoaded(1, new CachedWorld().Read(5), Request(), Now);
        cache.Apply(6, CacheDeltaText.Read(line + "\n"));
        Assert.True(cache.TryDecide(1, Request(), Now, out _));
        Assert.Equal(6, cache.Applied);
    }

    [Fact]
    public void A_decision_apart_from_memory_keeps_nothing_and_asks_memory_nothing()
    {
        var cache = new KeyCache(SeededTags.Entropy, 100);
        cache.DecideLoaded(1, new CachedWorld().Read(5), Request(), Now);
        var revoked = new CachedWorld { Revoked = true }.Read(9);
        Assert.False(cache.DecideApart(1, revoked, Request(), Now).Allow);
        Assert.True(cache.DecideApart(2, new CachedWorld().Read(9), Request(), Now).Allow);
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void Ending_an_organization_with_a_hundred_thousand_cached_keys_is_one_flip()
    {
        const int Keys = 100_000;
        var cache = new KeyCache(SeededTags.Entropy, Keys + 10);
        UInt128 Tag(int number) => cache.TagOf(BitConverter.GetBytes(number), 1);
        for (var i = 0; i < Keys; i++)
            cache.DecideLoaded(Tag(i), OfOrganization(i, 77, 0), Request(), Now);
        cache.DecideLoaded(Tag(Keys), OfOrganization(Keys, 78, 0), Request(), Now);
        CacheDelta[] effects = [new CacheDelta(CacheDeltaKind.OrganizationEnded, Id.Format(IdKind.Organization, 77))];
        var before = GC.GetAllocatedBytesForCurrentThread();
        cache.Apply(1, effects);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Keys + 1, cache.Count);
        Assert.True(allocated < 1_000, $"{allocated} bytes");
        for (var i = 0; i < Keys; i++)
        {
            Assert.True(cache.TryDecide(Tag(i), new ValidationRequest(1, default), Now, out var decision));
            Assert.Equal(DecisionCode.Revoked, decision.Code);
        }

        Assert.True(cache.TryDecide(Tag(Keys), new ValidationRequest(1, default), Now, out var other) && other.Allow);
    }

    [Fact]
    public void However_much_is_evicted_the_capacity_holds_and_what_is_left_is_right()
    {
        var random = new Random(20_260_115);
        for (var round = 0; round < 40; round++)
        {
            var capacity = random.Next(1, 12);
            var cache = new KeyCache(SeededTags.Entropy, capacity);
            var world = new CachedWorld();
            var (sequence, hits) = (0L, 0);
            for (var step = 0; step < 2_000; step++)
            {
                if (random.Next(6) == 0)
                {
                    // Neither end for good: the world goes on.
                    var change = random.Next(2) == 0 ? random.Next(7, CachedWorld.ChangeCount) : new[] { 1, 4, 5 }[random.Next(3)];
                    world = world.After(change);
                    cache.Apply(++sequence, [world.EffectOf(change)]);
                }

                var secret = random.Next(1, 30);
                if (cache.TryDecide((UInt128)secret, Request(), Now, out var decision))
                    hits++;
                else
                    decision = cache.DecideLoaded((UInt128)secret, world.Read(sequence, secret), Request(), Now);
                Assert.Equal(world.Expected(), decision.Code);
                Assert.InRange(cache.Count, 1, capacity);
            }

            Assert.True(hits > 0);
        }
    }

    [Fact]
    public void What_was_used_lately_outlives_what_was_not()
    {
        var cache = new KeyCache(SeededTags.Entropy, 100);
        UInt128 Tag(int number) => cache.TagOf(BitConverter.GetBytes(number), 1);
        bool Use(int number, long at) => cache.TryDecide(Tag(number), new ValidationRequest(1, default), new Instant(at), out _);
        for (var i = 1; i <= 5_000; i++)
        {
            cache.DecideLoaded(Tag(i), OfOrganization(i, 77, 0), new ValidationRequest(1, default), new Instant(i));
            for (var used = 1; used <= 10; used++)
                Use(used, i + 1_000);
        }

        var kept = Enumerable.Range(1, 10).Count(used => Use(used, 9_999));
        Assert.True(kept >= 9, $"{kept} of 10 are left.");
        Assert.Equal(100, cache.Count);
    }

    [Fact]
    public void Two_environments_know_one_token_by_two_tags()
    {
        var cache = new KeyCache(SeededTags.Entropy, 100);
        Assert.NotEqual(cache.TagOf("token"u8, 1), cache.TagOf("token"u8, 2));
        Assert.Equal(cache.TagOf("token"u8, 1), cache.TagOf("token"u8, 1));
        cache.DecideLoaded(1, new CachedWorld().Read(0), Request(), Now);
        Assert.True(cache.TryDecide(1, new ValidationRequest(2, default), Now, out var decision));
        Assert.Equal(DecisionCode.WrongEnvironment, decision.Code);
    }

    private static ValidationRequest Request() => new(1, "posts:read\n"u8);

    private static LoadedKey OfOrganization(int number, UInt128 organization, long asOf)
        => new CachedWorld().Read(asOf) with
        {
            Id = (UInt128)(number + 1) << 16, Owner = LoadedOwner.OfOrganization(new(organization, false)), State = KeyState.Live,
            Grant = new LoadedGrant(1, [new LoadedPermission(CachedWorld.Permission, CachedWorld.Slug, Core.Directory.OwnerTypes.All, false)]),
        };

    private static class SeededTags
    {
        public static Entropy Entropy { get; } = new Secrets.SeededEntropy(1);
    }
}
