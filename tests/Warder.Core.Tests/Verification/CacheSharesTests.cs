using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Core.Verification;
using LoadedOwner = Warder.Core.Directory.Owner<Warder.Core.Verification.LoadedOrganization, Warder.Core.Verification.LoadedMembership>;

namespace Warder.Core.Tests.Verification;

/// <summary>A cache that is full is shared: what one environment does pushes out nothing of one that has less than its share.</summary>
public sealed class CacheSharesTests
{
    private const int Capacity = 60;
    private static readonly Instant Now = new(1_000_000);

    [Fact]
    public void An_environment_that_floods_pushes_out_nothing_of_one_that_has_no_more_than_its_share()
    {
        var random = new Random(5);
        for (var round = 0; round < 20; round++)
        {
            var cache = new KeyCache(Entropy.System, Capacity);
            var kept = new Dictionary<int, List<UInt128>>();
            for (var step = 0; step < 1_500; step++)
            {
                // One floods; the others come now and then.
                var environment = random.Next(4) > 0 ? 1 : random.Next(1, 2 + (round % 5));
                var share = Capacity / kept.Keys.Append(environment).Distinct().Count();
                var tag = (UInt128)(((ulong)(uint)random.Next() << 32) | (uint)step);
                Insert(cache, tag, environment, step);
                foreach (var (other, tags) in kept)
                {
                    var before = tags.Count;
                    tags.RemoveAll(each => !Holds(cache, each, other));
                    Assert.True(other == environment || before <= share || tags.Count >= share, $"An environment with {before} of {share} has {tags.Count}");
                    Assert.True(other == environment || before > share || tags.Count == before, $"An environment with {before} of {share} has {tags.Count}");
                }

                foreach (var empty in kept.Where(static pair => pair.Value.Count == 0).Select(static pair => pair.Key).ToList())
                    kept.Remove(empty);
                if (Holds(cache, tag, environment))
                    (kept.TryGetValue(environment, out var own) ? own : kept[environment] = []).Add(tag);
                Assert.Equal(cache.Count, kept.Values.Sum(static tags => tags.Count));
                Assert.InRange(cache.Count, 1, Capacity);
            }
        }
    }

    [Fact]
    public void One_that_comes_late_gets_its_share_of_what_another_has_filled()
    {
        var cache = new KeyCache(Entropy.System, Capacity);
        for (var i = 1; i <= 1_000; i++)
            Insert(cache, (UInt128)(ulong)(i * 7919), 1, i);
        Assert.Equal(Capacity, cache.Count);
        var late = Enumerable.Range(1, 300).Select(static i => (UInt128)(ulong)(i * 104_729 + 1)).ToList();
        for (var i = 0; i < late.Count; i++)
            Insert(cache, late[i], 2, 10_000 + i);
        Assert.InRange(late.Count(tag => Holds(cache, tag, 2)), (Capacity / 2) - 2, Capacity / 2);
        // And the one before keeps its own, whatever the late one goes on to do.
        Assert.InRange(Enumerable.Range(1, 1_000).Count(i => Holds(cache, (UInt128)(ulong)(i * 7919), 1)), Capacity / 2, (Capacity / 2) + 2);
    }

    [Fact]
    public void What_is_forgotten_leaves_its_share()
    {
        var cache = new KeyCache(Entropy.System, Capacity);
        for (var i = 1; i <= 100; i++)
            Insert(cache, (UInt128)(ulong)(i * 7919), 1, i);
        cache.Flush(1);
        for (var i = 1; i <= 100; i++)
            Insert(cache, (UInt128)(ulong)(i * 7919), 2, 1_000 + i, asOf: 1);
        Assert.Equal(Capacity, Enumerable.Range(1, 100).Count(i => Holds(cache, (UInt128)(ulong)(i * 7919), 2)));
    }

    private static void Insert(KeyCache cache, UInt128 tag, int environment, int number, long asOf = 0)
        => cache.DecideLoaded(
            tag, new CachedWorld().Read(asOf) with { Environment = environment, Id = (UInt128)(ulong)number + 1, Owner = LoadedOwner.OfOrganization(new((UInt128)(ulong)environment, false)), Grant = new LoadedGrant(environment, []) },
            new ValidationRequest(environment, default), Now);

    private static bool Holds(KeyCache cache, UInt128 tag, int environment) => cache.TryDecide(tag, new ValidationRequest(environment, default), Now, out _);
}
