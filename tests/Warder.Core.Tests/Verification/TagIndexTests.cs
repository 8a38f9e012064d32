using FsCheck;
using FsCheck.Fluent;
using Warder.Core.Verification;

namespace Warder.Core.Tests.Verification;

public sealed class TagIndexTests
{
    // Few enough for tags to meet again, and chosen to collide: tags that differ in the bit which marks ignore, in the upper half only,
    // or far above the home's bits; homes at the table's beginning and at its end, where probing wraps round.
    private static readonly UInt128[] Tags =
    [
        .. from high in new ulong[] { 0, 1, ulong.MaxValue }
           from low in new ulong[] { 0, 1, 2, 3, 1ul << 40, (1ul << 40) + 1, 1ul << 63, ulong.MaxValue, ulong.MaxValue - 1, ulong.MaxValue - 3, 7, 12, 90, 91 }
           select new UInt128(high, low),
    ];

    [Fact]
    public void Bringing_near_changes_nothing_whether_it_is_there_or_not()
    {
        var index = new TagIndex<Entry>();
        index.Prefetch(Tags);
        var model = Tags.Where(static (_, place) => place % 2 == 0).ToDictionary(static tag => tag, static tag => new Entry(tag));
        foreach (var entry in model.Values)
            index.Add(entry);
        index.Prefetch(Tags);
        index.Prefetch([]);
        AssertSame(model, index);
    }

    [Fact]
    public void It_behaves_as_a_dictionary_by_tag()
    {
        var steps = (from what in Gen.Choose(0, 9) from tag in Gen.Elements(Tags) select (what, tag)).ArrayOf(300);
        Prop.ForAll(steps.ToArbitrary(), list =>
        {
            var index = new TagIndex<Entry>();
            var model = new Dictionary<UInt128, Entry>();
            foreach (var (what, tag) in list)
            {
                // Five in ten add or replace, four remove, one removes an entry that only has the tag.
                if (what < 5)
                    index.Add(model[tag] = new Entry(tag));
                else if (what < 9)
                    Assert.Equal(model.Remove(tag, out var entry), index.Remove(entry ?? new Entry(tag)));
                else
                    Assert.False(index.Remove(new Entry(tag)));
                AssertSame(model, index);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_hundred_thousand_come_and_half_of_them_go()
    {
        var random = new Random(7);
        var entries = Enumerable.Range(0, 100_000).Select(_ => new Entry(RandomTag(random))).ToArray();
        var index = new TagIndex<Entry>(entries.Length / 3);
        Array.ForEach(entries, index.Add);
        for (var i = 0; i < entries.Length; i += 2)
            Assert.True(index.Remove(entries[i]));
        for (var i = 0; i < entries.Length; i++)
            Assert.Same(i % 2 == 0 ? null : entries[i], index.Find(entries[i].Tag));
        Assert.Equal(entries.Length / 2, index.Count);
    }

    [Fact]
    public void Everything_can_be_removed_while_it_is_visited()
    {
        var random = new Random(8);
        var index = new TagIndex<Entry>();
        for (var i = 0; i < 1_000; i++)
            index.Add(new Entry(RandomTag(random)));
        var visited = 0;
        index.ForEach(entry =>
        {
            visited++;
            Assert.True(index.Remove(entry));
        });
        Assert.Equal((1_000, 0), (visited, index.Count));
    }

    [Fact]
    public void Coming_and_going_for_ever_takes_no_more_room()
    {
        var random = new Random(9);
        var live = new Queue<Entry>();
        var index = new TagIndex<Entry>();
        var before = 0L;
        for (var i = 0; i < 300_000; i++)
        {
            var entry = new Entry(RandomTag(random));
            live.Enqueue(entry);
            index.Add(entry);
            if (live.Count > 1_000)
                index.Remove(live.Dequeue());
            if (i == 2_000)
                before = index.CapacityInSlots;
        }

        Assert.Equal(1_000, index.Count);
        Assert.Equal(before, index.CapacityInSlots);
    }

    [Fact]
    public void Samples_are_present_and_reach_every_entry()
    {
        var random = new Random(10);
        var index = new TagIndex<Entry>();
        Assert.Null(index.SampleForEviction(0));
        var all = new HashSet<Entry>();
        for (var i = 0; i < 200; i++)
        {
            var entry = new Entry(RandomTag(random));
            index.Add(entry);
            all.Add(entry);
        }

        var seen = new HashSet<Entry>();
        for (var i = 0; i < 20_000; i++)
        {
            if (index.SampleForEviction((uint)random.NextInt64(1L << 32)) is { } entry)
                seen.Add(entry);
        }

        Assert.True(seen.SetEquals(all));
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        var index = new TagIndex<Entry>();
        index.Add(new Entry(1));
        index.Find(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        index.Find(1);
        index.Find(2);
        index.SampleForEviction(3);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static UInt128 RandomTag(Random random) => new((ulong)random.NextInt64(), (ulong)random.NextInt64() << 1);

    private static void AssertSame(Dictionary<UInt128, Entry> model, TagIndex<Entry> index)
    {
        Assert.Equal(model.Count, index.Count);
        foreach (var tag in Tags)
            Assert.Same(model.GetValueOrDefault(tag), index.Find(tag));
        var visited = new HashSet<Entry>();
        index.ForEach(entry => Assert.True(visited.Add(entry)));
        Assert.True(visited.SetEquals(model.Values));
    }

    private sealed class Entry(UInt128 tag) : Tagged(tag);
}
