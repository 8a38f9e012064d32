using Warder.Core.Verification;

namespace Warder.Core.Tests.Verification;

public sealed class TagIndexConcurrencyTests
{
    private const int Homes = 1 << 12;

    [Theory]
    [InlineData(0, 20, 2)] // many young tables, which grow while they are read
    [InlineData(3_000, 2, 20)] // entries far from their homes, whose ways lead over slots that change hands
    public async Task Readers_never_miss_what_stays_and_never_see_what_has_gone(int crowd, int tables, int waves)
    {
        var random = new Random(11);
        for (var i = 0; i < tables; i++)
            await ReadAndWrite(random, crowd, waves);
    }

    private static async Task ReadAndWrite(Random random, int crowd, int waves)
    {
        var index = new TagIndex<Entry>();
        var stable = AddBehindOthers(index, crowd, random);
        var replaced = stable[..50].Select(entry => entry.Tag + 2).ToArray();
        Array.ForEach(replaced, tag => index.Add(new Entry(tag)));
        var recent = new Entry[512];
        Array.Fill(recent, stable[0]);

        using var done = new CancellationTokenSource();
        using var start = new Barrier(4);
        var readers = Run(start, random, own => Read(index, stable, replaced, recent, own, done.Token));
        var writers = Run(start, random, own => ComeAndGo(index, replaced, recent, waves, own));
        try
        {
            await writers;
        }
        finally
        {
            await done.CancelAsync();
            await readers;
        }

        Assert.Equal(stable.Length + replaced.Length, index.Count);
    }

    // Two threads, each with randomness of its own, that set out when all are there.
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

    // Into a crowd that then leaves.
    private static Entry[] AddBehindOthers(TagIndex<Entry> index, int size, Random random)
    {
        var crowd = Enumerable.Range(0, size).Select(_ => new Entry(CrowdedTag(random))).ToArray();
        var stable = Enumerable.Range(0, 400).Select(_ => new Entry(CrowdedTag(random))).ToArray();
        Array.ForEach(crowd, index.Add);
        Array.ForEach(stable, index.Add);
        Array.ForEach(crowd, entry => Assert.True(index.Remove(entry)));
        return stable;
    }

    // In waves of different heights, so that the table grows, is rebuilt and shrinks while it is read.
    private static void ComeAndGo(TagIndex<Entry> index, UInt128[] replaced, Entry[] recent, int waves, Random random)
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
                index.Add(new Entry(replaced[random.Next(replaced.Length)]));
                if (random.Next(4) == 0)
                    Leave(index, live, random);
                else if (random.Next(8) == 0)
                    Replace(index, live, recent, random);
            }

            while (live.Count > 0)
                Leave(index, live, random);
        }
    }

    private static void Leave(TagIndex<Entry> index, List<Entry> live, Random random)
    {
        var i = random.Next(live.Count);
        var entry = live[i];
        live[i] = live[^1];
        live.RemoveAt(live.Count - 1);
        Assert.True(index.Remove(entry));
        entry.Gone = true;
    }

    private static void Replace(TagIndex<Entry> index, List<Entry> live, Entry[] recent, Random random)
    {
        var i = random.Next(live.Count);
        var old = live[i];
        live[i] = new Entry(old.Tag);
        Volatile.Write(ref recent[random.Next(recent.Length)], old);
        index.Add(live[i]);
        old.Gone = true;
    }

    private static void Read(
        TagIndex<Entry> index, Entry[] stable, UInt128[] replaced, Entry[] recent, Random random, CancellationToken done)
    {
        do
        {
            foreach (var entry in stable)
            {
                if (!ReferenceEquals(index.Find(entry.Tag), entry))
                    Assert.Fail("An entry that stays was missed.");
            }

            foreach (var tag in replaced)
            {
                if (index.Find(tag) is null)
                    Assert.Fail("An entry was missed while another took its place.");
            }

            for (var i = 0; i < recent.Length; i++)
            {
                var entry = Volatile.Read(ref recent[random.Next(recent.Length)]);
                var gone = entry.Gone;
                var found = index.Find(entry.Tag);
                if (gone && ReferenceEquals(found, entry))
                    Assert.Fail("A removed entry was found.");
                if (found is not null && found.Tag != entry.Tag)
                    Assert.Fail("An entry of another tag was found.");
            }
        }
        while (!done.IsCancellationRequested);
    }

    // Few homes, so that the ways of entries cross; the rest of the tag keeps them apart.
    private static UInt128 CrowdedTag(Random random)
        => new((ulong)random.NextInt64(), ((ulong)random.NextInt64(1L << 30) << 34) | (ulong)random.NextInt64(2 * Homes));

    private sealed class Entry(UInt128 tag) : Tagged(tag)
    {
        public volatile bool Gone;
    }
}
