using Warder.Core.Verification.Tags;

namespace Warder.Core.Tests.Verification.Tags;

public sealed class TagIndexConcurrencyTests
{
    private const int Homes = 1 << 12;

    [Theory]
    [InlineData(0, 20, 2)] // many young tables, which grow while they are read
    [InlineData(3_000, 2, 20)] // entries far from their homes, whose probe paths cross slots that change owners
    public async Task Readers_never_miss_what_stays_and_never_see_what_has_gone(int crowd, int tables, int waves)
    {
        var random = new Random(11);
        for (var i = 0; i < tables; i++)
            await ReadAndWrite(random, crowd, waves);
    }

    private static async Task ReadAndWrite(Random random, int crowd, int waves)
    {
        var index = new TagIndex<Entry, object>();
        var stable = AddBehindOthers(index, crowd, random);
        var lasting = stable[..50].Select(entry => entry.Tag + 2).ToArray();
        Array.ForEach(lasting, tag => index.Add(new Entry(tag)));
        var recent = new Entry[512];
        Array.Fill(recent, stable[0]);

        using var done = new CancellationTokenSource();
        using var start = new Barrier(4);
        var readers = Run(start, random, own => Read(index, stable, lasting, recent, own, done.Token));
        var writers = Run(start, random, own => ComeAndGo(index, lasting, recent, waves, own));
        try
        {
            await writers;
        }
        finally
        {
            await done.CancelAsync();
            await readers;
        }

        Assert.Equal(stable.Length + lasting.Length, index.Count);
    }

    // Two threads, each with randomness of its own, that start together.
    private static Task Run(Barrier start, Random random, Action<Random> act)
    {
        int[] seeds = [random.Next(), random.Next()];
        return Task.WhenAll(seeds.Select(seed => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                act(new Random(seed));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    // Adds entries among a crowd that is then removed.
    private static Entry[] AddBehindOthers(TagIndex<Entry, object> index, int size, Random random)
    {
        var crowd = Enumerable.Range(0, size).Select(_ => new Entry(CrowdedTag(random))).ToArray();
        var stable = Enumerable.Range(0, 400).Select(_ => new Entry(CrowdedTag(random))).ToArray();
        Array.ForEach(crowd, entry => index.Add(entry));
        Array.ForEach(stable, entry => index.Add(entry));
        Array.ForEach(crowd, entry => Assert.True(index.Remove(entry)));
        return stable;
    }

    // In waves of different heights, so that the table grows, is rebuilt and shrinks while it is read.
    private static void ComeAndGo(TagIndex<Entry, object> index, UInt128[] lasting, Entry[] recent, int waves, Random random)
    {
        for (var wave = 0; wave < waves; wave++)
        {
            var live = new List<Entry>();
            for (var height = random.Next(50, 3_000); live.Count < height;)
            {
                var entry = new Entry(CrowdedTag(random));
                Volatile.Write(ref recent[random.Next(recent.Length)], entry);
                index.Add(entry);
                live.Add(entry);
                index.Add(new Entry(lasting[random.Next(lasting.Length)]));
                if (random.Next(4) == 0)
                    Leave(index, live, random);
                else if (random.Next(8) == 0)
                    ComeAnew(index, live, recent, random);
            }

            while (live.Count > 0)
                Leave(index, live, random);
        }
    }

    private static void Leave(TagIndex<Entry, object> index, List<Entry> live, Random random)
    {
        var i = random.Next(live.Count);
        var entry = live[i];
        live[i] = live[^1];
        live.RemoveAt(live.Count - 1);
        Assert.True(index.Remove(entry));
        entry.Gone = true;
    }

    // With the same tag, at once: mostly into the slot that has just been freed.
    private static void ComeAnew(TagIndex<Entry, object> index, List<Entry> live, Entry[] recent, Random random)
    {
        var i = random.Next(live.Count);
        var old = live[i];
        live[i] = new Entry(old.Tag);
        Volatile.Write(ref recent[random.Next(recent.Length)], old);
        Assert.True(index.Remove(old));
        old.Gone = true;
        Assert.Same(live[i], index.Add(live[i]));
    }

    private static void Read(
        TagIndex<Entry, object> index, Entry[] stable, UInt128[] lasting, Entry[] recent, Random random, CancellationToken done)
    {
        do
        {
            foreach (var entry in stable)
            {
                if (!ReferenceEquals(index.Find(entry.Tag), entry))
                    Assert.Fail("An entry that stays was missed.");
            }

            foreach (var tag in lasting)
            {
                if (index.Find(tag) is null)
                    Assert.Fail("An entry was missed while another with its tag was refused.");
            }

            for (var i = 0; i < recent.Length; i++)
            {
                var entry = Volatile.Read(ref recent[random.Next(recent.Length)]);
                var gone = entry.Gone;
                if (!index.TryFind(entry.Tag, out var found))
                    continue;
                if (gone && ReferenceEquals(found.Entry, entry))
                    Assert.Fail("A removed entry was found.");
                if (found.Entry.Tag != entry.Tag)
                    Assert.Fail("An entry of another tag was found.");
                if (!ReferenceEquals(found.Beside, found.Entry) || found.BesideNumber != found.Entry.Number)
                    Assert.Fail("The index returned another entry.");
            }
        }
        while (!done.IsCancellationRequested);
    }

    // Few homes, so that the probe paths of entries cross, and few upper halves, so that each half is compared; the rest of the tag
    // distinguishes them.
    private static UInt128 CrowdedTag(Random random)
        => new((ulong)random.Next(2), ((ulong)random.NextInt64(1L << 30) << 34) | (ulong)random.NextInt64(2 * Homes));

    private sealed class Entry(UInt128 tag) : Tagged<object>(tag)
    {
        private static int made;

        public volatile bool Gone;

        public uint Number { get; } = (uint)Interlocked.Increment(ref made);

        protected internal override object Beside => this;

        protected internal override uint BesideNumber => Number;
    }
}
