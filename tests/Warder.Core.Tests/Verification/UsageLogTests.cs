using Warder.Core.Keys;
using Warder.Core.Verification;

namespace Warder.Core.Tests.Verification;

/// <summary>The log reports the last use of every used key, under concurrent notes and takes.</summary>
public sealed class UsageLogTests
{
    private const int Entries = 500;

    [Theory]
    [InlineData(int.MaxValue)] // all at once
    [InlineData(7)] // some at a time
    public async Task The_last_use_of_each_is_told_in_the_end(int most)
    {
        var log = new UsageLog();
        var entries = Enumerable.Range(1, Entries).Select(static id => Entry((UInt128)id)).ToArray();
        var taken = new Dictionary<UInt128, long>();
        using var noting = new CancellationTokenSource();
        // Each thread has its own entries, so that the last note is known.
        var noters = Enumerable.Range(0, 2).Select(
            own => Task.Run(() => Note(log, entries.Where((_, i) => i % 2 == own).ToArray(), noting.Token))).ToArray();
        for (var round = 0; round < 400; round++)
            TakeUses(log, most, taken);
        await noting.CancelAsync();
        var last = (await Task.WhenAll(noters)).Max();
        TakeUses(log, most, taken);
        TakeUses(log, most, taken);
        Assert.True(last > 1, "Nothing was noted while others took.");
        foreach (var entry in entries)
            Assert.Equal(entry.LastUsedAtMilliseconds, taken[entry.Id]);
        Assert.Empty(log.Take());
    }

    [Fact]
    public void What_is_noted_after_the_beginning_comes_the_next_time()
    {
        var log = new UsageLog();
        var (first, second) = (Entry(1), Entry(2));
        log.Note(first, 10);
        log.Begin();
        log.Note(second, 20);
        log.Begin();
        Assert.Equal([new Usage(1, 1, 1, 10)], log.Next(5));
        Assert.Empty(log.Next(5));
        log.Begin();
        Assert.Equal([new Usage(1, 2, 1, 20)], log.Next(5));
    }

    private static long Note(UsageLog log, KeyEntry[] own, CancellationToken done)
    {
        var now = 0L;
        for (; now < 2 || !done.IsCancellationRequested; now++)
        {
            foreach (var entry in own)
                log.Note(entry, now + 1);
        }

        return now;
    }

    private static void TakeUses(UsageLog log, int most, Dictionary<UInt128, long> taken)
    {
        log.Begin();
        while (log.Next(most) is { Count: > 0 } some)
            some.ForEach(use => taken[use.KeyId] = Math.Max(use.LastUsedAtMilliseconds, taken.GetValueOrDefault(use.KeyId)));
    }

    private static KeyEntry Entry(UInt128 id)
        => new SubjectTable().Link(id, new CachedWorld().Read(0) with { Id = id, State = KeyState.Live });
}
