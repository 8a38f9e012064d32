using System.Text.Json;
using Warder.Core.Time;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Nodes;

/// <summary>Nodes of different feature levels over one database.</summary>
public sealed class MixedLevelTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly DataFolder folder = DataFolder.OnOwnPostgres();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_node_below_the_level_answers_unavailable_for_that_environment_and_decides_for_others()
    {
        await using var newer = await Levels.StartAsync(folder, 2);
        var (_, value) = await Levels.Issue(newer);
        var elsewhere = await newer.AddEnvironment("other");
        var (_, there) = await Levels.Issue(newer, elsewhere);
        Assert.Null(await Levels.Raise(newer, 2));

        using var beside = folder.Beside();
        await using var older = await Levels.StartAsync(beside, 1);
        Assert.Equal("allowed", await Levels.Decide(newer, value));
        Assert.Equal("unavailable", await Levels.Decide(older, value));
        Assert.Contains("This node's version", (await older.Post("/api_keys/validations", new { value })).Text, StringComparison.Ordinal);
        Assert.Equal("allowed", await Levels.Decide(older, there, elsewhere));
        Assert.Equal("malformed", await Levels.Decide(older, "not a token"));

        var levels = (await newer.Get("/nodes")).Is(200).Data.Select(static node => node.GetProperty("level").GetInt32()).Order();
        Assert.Equal([1, 2], levels);
    }

    [Fact]
    public async Task The_level_is_not_raised_while_a_node_below_it_may_answer_from_memory()
    {
        await using var newer = await Levels.StartAsync(folder, 2);
        var (_, value) = await Levels.Issue(newer);
        using var beside = folder.Beside();
        await using (var older = await Levels.StartAsync(beside, 1))
        {
            Assert.Equal("allowed", await Levels.Decide(older, value));
            var refused = await Levels.Raise(newer, 2);
            Assert.Equal("verifiers_too_old", refused?.Code);
            Assert.Contains("level 1", refused!.Message, StringComparison.Ordinal);
            Assert.Equal(1, (await newer.Get("/environments")).Is(200).Data.First().GetProperty("required_level").GetInt32());
            Assert.Equal("allowed", await Levels.Decide(older, value));
        }

        Assert.Null(await Levels.Raise(newer, 2));
        Assert.Null(await Levels.Raise(newer, 2));
        Assert.Equal(2, (await newer.Get("/environments")).Is(200).Data.First().GetProperty("required_level").GetInt32());
        Assert.Equal("environment.updated", (await newer.LastChange()).GetProperty("event").GetString());
        Assert.Null(newer.VerifyLog().Problem);
    }

    [Fact]
    public async Task A_node_that_was_killed_is_not_waited_for_until_somebody_fences_it()
    {
        await using var newer = await Levels.StartAsync(folder, 2);
        using var beside = folder.Beside();
        await using var older = await WarderProcess.StartAsync(beside, options: "--lease-milliseconds 1000");
        Assert.Equal("verifiers_too_old", (await Levels.Raise(newer, 2))?.Code);
        await older.KillAsync();
        await Eventually.Holds(async () => await Levels.Raise(newer, 2) is null, Soon, "A node that is dead holds up the raise.");
    }

    [Fact]
    public async Task The_level_is_not_raised_beyond_the_nodes_own()
    {
        await using var only = await Levels.StartAsync(folder, 2);
        Assert.Equal("verifiers_too_old", (await Levels.Raise(only, 3))?.Code);
    }

    [Fact]
    public async Task A_node_that_stood_still_through_the_raise_never_allows_by_the_old_rules()
    {
        await using var newer = await Levels.StartAsync(folder, 2);
        using var beside = folder.Beside();
        await using var older = await WarderProcess.StartAsync(
            beside, options: "--lease-milliseconds 1000");
        Assert.True(older.Listens, older.Errors);
        var (_, value) = await Levels.Issue(newer);
        Assert.Equal("allowed", await Validate(older, value, newer.Key));
        older.Freeze();
        // The first change that waits for the node fences it.
        await Levels.Issue(newer);
        (await newer.Post($"/api_keys/{(await Levels.Issue(newer)).Id}/revoke")).Is(200);
        Assert.Null(await Levels.Raise(newer, 2));

        var answers = Enumerable.Range(0, 20).Select(_ => Validate(older, value, newer.Key)).ToList();
        older.Thaw();
        Assert.All(await Task.WhenAll(answers).WaitAsync(Soon), static answer => Assert.Equal("unavailable", answer));
        for (var since = Clock.BootMicroseconds(); Clock.BootMicroseconds() - since < 3_000_000;)
            Assert.Equal("unavailable", await Validate(older, value, newer.Key));
    }

    [Fact]
    public async Task The_check_finds_a_node_that_ignores_the_level()
    {
        await using var newer = await Levels.StartAsync(folder, 2);
        var (_, value) = await Levels.Issue(newer);
        Assert.Null(await Levels.Raise(newer, 2));
        using var beside = folder.Beside();
        await using var mutant = await Levels.StartAsync(beside, level: 1, decidesBy: int.MaxValue);
        Assert.Equal("allowed", await Levels.Decide(mutant, value));
    }

    private static async Task<string> Validate(WarderProcess node, string value, string key)
    {
        var reply = await node.Send("POST", "/api_keys/validations", new { value }, key);
        var json = JsonDocument.Parse(reply.Text).RootElement;
        return reply.Status == 200 ? json.GetProperty("decision").GetProperty("code").GetString()! : json.GetProperty("code").GetString()!;
    }
}
