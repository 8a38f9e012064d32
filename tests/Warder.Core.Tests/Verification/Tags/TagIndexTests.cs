using FsCheck;
using FsCheck.Fluent;
using Warder.Core.Verification.Tags;

namespace Warder.Core.Tests.Verification.Tags;

public sealed class TagIndexTests
{
    // Few enough for tags to repeat, and chosen to collide: tags that differ in the upper half only, or far above the home's bits; homes at
    // the table's beginning and at its end, where probing wraps round.
    private static readonly UInt128[] Tags =
    [
        .. from high in new ulong[] { 0, 1, 1ul << 31, uint.MaxValue }
           from low in new ulong[] { 0, 2, 4, 1ul << 40, (1ul << 40) + 2, 1ul << 63, ulong.MaxValue - 1, ulong.MaxValue - 3, 6, 12, 90 }
           select new UInt128(high, low),
    ];

    [Fact]
    public void Tags_are_told_apart_by_ninety_five_bits_and_no_others()
    {
        for (var bit = 0; bit < 128; bit++)
        {
            var index = new TagIndex<Entry, object>();
            var entry = new Entry(0);
            index.Add(entry);
            Assert.Same(bit is 0 or >= 96 ? entry : null, index.Find((UInt128)1 << bit));
        }
    }

    [Fact]
    public void One_with_the_same_tag_stays_and_what_is_beside_it_is_its_own()
    {
        var index = new TagIndex<Entry, object>();
        var (first, second) = (new Entry(5, 7), new Entry(5, 8));
        Assert.Same(first, index.Add(first));
        Assert.Same(first, index.Add(second));
        Assert.True(index.TryFind(5, out var found));
        Assert.Equal((first, first.Beside, 7u), (found.Entry, found.Beside, found.BesideNumber));
        Assert.False(index.Remove(second));
        Assert.True(index.Remove(first));
        Assert.False(index.TryFind(5, out _));
        Assert.Same(second, index.Add(second));
        Assert.True(index.TryFind(5, out found));
        Assert.Equal((second, second.Beside, 8u), (found.Entry, found.Beside, found.BesideNumber));
    }

    [Fact]
    public void Bringing_near_changes_nothing_whether_it_is_there_or_not()
    {
        var index = new TagIndex<Entry, object>();
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
            var index = new TagIndex<Entry, object>();
            var model = new Dictionary<UInt128, Entry>();
            foreach (var (what, tag) in list)
            {
                // Five in ten add, four remove, one removes an entry that only has the tag.
                if (what < 5)
                    Assert.Equal(model.TryGetValue(tag, out var present), index.Add(model[tag] = present ?? new Entry(tag)) == present);
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
        var index = new TagIndex<Entry, object>(entries.Length / 3);
        Array.ForEach(entries, entry => index.Add(entry));
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
        var index = new TagIndex<Entry, object>();
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
        var index = new TagIndex<Entry, object>();
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
        var index = new TagIndex<Entry, object>();
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
        var index = new TagIndex<Entry, object>();
        index.Add(new Entry(1));
        index.Find(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        index.Find(1);
        index.Find(2);
        index.SampleForEviction(3);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static UInt128 RandomTag(Random random) => new((ulong)random.NextInt64(), (ulong)random.NextInt64() << 1);

    private static void AssertSame(Dictionary<UInt128, Entry> model, TagIndex<Entry, object> index)
    {
        Assert.Equal(model.Count, index.Count);
        foreach (var tag in Tags)
            Assert.Same(model.GetValueOrDefault(tag), index.Find(tag));
        var visited = new HashSet<Entry>();
        index.ForEach(entry => Assert.True(visited.Add(entry)));
        Assert.True(visited.SetEquals(model.Values));
    }

    private sealed class Entry(UInt128 tag, uint number = 0) : Tagged<object>(tag)
    {
        protected internal override object Beside => this;

        protected internal override uint BesideNumber => number;
    }
}
