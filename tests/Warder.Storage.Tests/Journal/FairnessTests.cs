using Warder.Core.Faults;
using Warder.Storage.Journal;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Journal;

/// <summary>One environment's flood of changes waits behind itself.</summary>
public sealed class FairnessTests
{
    private static readonly CommandOrigin Flooding = new(1, "management_key_a", false);

    [Theory, EachDatabase]
    public async Task A_flood_is_refused_at_its_share_and_the_change_of_another_environment_is_in_the_next_batch(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var go = disk.Hold();
        var flood = Enumerable.Range(0, 6_000).Select(i => Note(disk, $"flood{i}", Flooding)).ToList();
        Assert.InRange(flood.Count(static task => task.IsFaulted), 1_000, 5_500);
        var sameEnvironment = Note(disk, "same environment", new CommandOrigin(1, "management_key_b", false));
        var other = Note(disk, "other environment", new CommandOrigin(2, "management_key_c", false));
        var own = disk.Note("own");
        Assert.DoesNotContain(true, new[] { sameEnvironment, other, own }.Select(static task => task.IsFaulted));
        go();
        await Task.WhenAll(sameEnvironment, other, own);
        await Task.WhenAll(flood.Where(static task => !task.IsFaulted));
        foreach (var refused in flood.Where(static task => task.IsFaulted))
            Assert.Equal(StorageFaultKind.Unavailable, (await Assert.ThrowsAsync<StorageException>(() => refused)).Kind);

        var notes = disk.Notes;
        Assert.All((string[])["same environment", "other environment", "own"], name => Assert.InRange(notes.IndexOf(name), 0, 10));
        Assert.Equal(flood.Count(static task => !task.IsFaulted) + 3, notes.Count);
        Assert.Equal(
            notes.Where(static name => name.StartsWith("flood", StringComparison.Ordinal)),
            Enumerable.Range(0, notes.Count - 3).Select(static i => $"flood{i}"));
        Assert.Null(disk.Problem);
    }

    [Theory, EachDatabase]
    public async Task Endings_go_first_and_leave_others_a_turn_of_four(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var go = disk.Hold();
        var creations = Enumerable.Range(0, 200).Select(i => Note(disk, $"creation{i}", Flooding)).ToList();
        var endings = Enumerable.Range(0, 200).Select(i => Note(disk, $"ending{i}", Flooding with { IsEnding = true })).ToList();
        go();
        await Task.WhenAll(creations.Concat(endings));
        var notes = disk.Notes;
        Assert.Equal("ending0", notes[0]);
        var last = notes.IndexOf("ending199");
        Assert.InRange(notes.Take(last).Count(static name => name.StartsWith("creation", StringComparison.Ordinal)), 60, 70);
        Assert.Equal(400, notes.Count);
    }

    [Fact]
    public async Task An_ending_does_not_wait_for_a_flood_of_its_own_management_key()
    {
        using var disk = new JournalOnDisk(Database.Sqlite);
        var go = disk.Hold();
        var flood = Enumerable.Range(0, 6_000).Select(i => Note(disk, $"flood{i}", Flooding)).ToList();
        Assert.True(Note(disk, "one more", Flooding).IsFaulted);
        var ending = Note(disk, "ending", Flooding with { IsEnding = true });
        go();
        Assert.Equal("ending", (await ending).Value);
        await Task.WhenAll(flood.Where(static task => !task.IsFaulted));
        Assert.Equal("ending", disk.Notes[0]);
    }

    private static Task<Result<string>> Note(JournalOnDisk disk, string name, CommandOrigin origin)
        => disk.Journal.Submit<string>(context => JournalOnDisk.Write(context, name), origin);
}
