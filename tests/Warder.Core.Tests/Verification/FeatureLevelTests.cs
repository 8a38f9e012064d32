using System.Security.Cryptography;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;

namespace Warder.Core.Tests.Verification;

public sealed class FeatureLevelTests
{
    private static readonly Instant Now = new(1_000_000);

    [Fact]
    public void A_key_of_a_higher_level_is_neither_allowed_nor_kept()
    {
        var cache = Cache(1);
        var key = new CachedWorld().Read(5) with { RequiredLevel = 2 };
        Assert.False(cache.Knows(key));
        Assert.Equal(DecisionCode.Unavailable, cache.DecideLoaded(1, key, Request(), Now).Code);
        Assert.Equal(DecisionCode.Unavailable, cache.DecideApart(1, key, Request(), Now).Code);
        Assert.True(cache.Preload(SHA256.HashData("token"u8), key));
        Assert.Equal(0, cache.Count);
        Assert.False(cache.TryDecide(1, Request(), Now, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_key_of_a_level_that_the_verifier_has_is_decided_about_and_kept(int level)
    {
        var cache = Cache(2);
        Assert.True(cache.DecideLoaded(1, new CachedWorld().Read(5) with { RequiredLevel = level }, Request(), Now).Allow);
        Assert.True(cache.TryDecide(1, Request(), Now, out _));
    }

    [Fact]
    public void What_memory_holds_is_not_decided_by_when_a_read_says_that_the_level_was_raised()
    {
        var cache = Cache(1);
        Assert.True(cache.DecideLoaded(1, new CachedWorld().Read(5), Request(), Now).Allow);
        Assert.Equal(
            DecisionCode.Unavailable, cache.DecideLoaded(1, new CachedWorld().Read(6) with { RequiredLevel = 2 }, Request(), Now).Code);
    }

    [Fact]
    public void A_raise_above_the_verifiers_level_makes_it_forget_and_keep_no_slow_read_from_before()
    {
        var cache = Cache(1);
        Assert.True(cache.DecideLoaded(1, new CachedWorld().Read(5), Request(), Now).Allow);
        cache.Apply(6, [CacheDelta.OfRequiredLevel("environment_01", 2)]);
        Assert.False(cache.TryDecide(1, Request(), Now, out _));
        // A request that began before the raise is answered from its own snapshot.
        Assert.True(cache.DecideLoaded(1, new CachedWorld().Read(5), Request(), Now).Allow);
        Assert.False(cache.TryDecide(1, Request(), Now, out _));
    }

    [Fact]
    public void A_raise_to_a_level_that_the_verifier_has_leaves_memory_as_it_is()
    {
        var cache = Cache(2);
        Assert.True(cache.DecideLoaded(1, new CachedWorld().Read(5), Request(), Now).Allow);
        cache.Apply(6, [CacheDelta.OfRequiredLevel("environment_01", 2)]);
        Assert.True(cache.TryDecide(1, Request(), Now, out _));
    }

    private static KeyCache Cache(int level) => new(Entropy.System, 100, level);

    private static ValidationRequest Request() => new(1, default);
}
