using Warder.Core.Faults;
using Warder.Engine.Lists;
using Warder.Engine.Management;
using Warder.Server.Http;
using Warder.Server.Management;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Lists;

/// <summary>Lists and dry runs wait for each other, and nothing else waits for them.</summary>
public sealed class ReadLaneTests
{
    [Fact]
    public async Task One_environment_never_has_the_whole_lane_and_one_key_never_all_of_its_environment()
    {
        await using var warder = await RunningWarder.StartAsync();
        using var block = new Block(warder.Node.Reads);
        for (var i = 0; i < 8; i++)
            block.Add(1, "a");
        await block.Running(2);
        Assert.Equal(1, (await block.Read(1, "b")).Value);
        for (var i = 0; i < 8; i++)
            block.Add(1, "c");
        await block.Running(3);
        Assert.Equal(1, (await block.Read(2, "d")).Value);
    }

    [Fact]
    public async Task What_is_too_many_of_one_key_is_refused_and_another_is_taken()
    {
        await using var warder = await RunningWarder.StartAsync();
        using var block = new Block(warder.Node.Reads);
        for (var i = 0; i < 66; i++)
            block.Add(1, "a");
        await block.Running(2);
        while (warder.Node.Reads.Count < 64)
            block.Add(1, "a");
        var refused = await warder.Node.Reads.Run<int>(Of(1, "a"), static _ => 1, static () => true);
        Assert.Equal((FaultKind.Unavailable, "too_many_reads"), (refused.Fault!.Kind, refused.Fault.Code));
        Assert.Equal(1, (await block.Read(1, "b")).Value);
        Assert.True(warder.Node.Reads.Refused >= 1);
    }

    [Fact]
    public async Task Hits_and_changes_go_on_while_lists_fill_the_lane_and_lists_come_when_it_is_free()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var value = (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201).Value;
        Task<Reply> list;
        using (var block = new Block(warder.Node.Reads))
        {
            foreach (var key in (string[])["a", "a", "b"])
                block.Add(1, key);
            await block.Running(3);
            list = warder.Get("/api_keys");
            for (var i = 0; i < 50; i++)
                Assert.Equal("allowed", await warder.Decide(value));
            (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201);
            Assert.False(list.IsCompleted);
        }

        Assert.Equal(2, (await list).Is(200).Ids.Count);
    }

    [Fact]
    public async Task A_list_that_waited_while_its_management_key_ended_is_refused()
    {
        await using var warder = await RunningWarder.StartAsync();
        var key = await warder.Grant(null, "keys:read");
        var id = (await warder.Get("/management_keys?limit=1")).Is(200).Ids[0];
        Task<Reply> list;
        using (var block = new Block(warder.Node.Reads))
        {
            block.Add(1, id);
            block.Add(1, id);
            await block.Running(2);
            list = warder.Get("/api_keys", key);
            await Eventually.Holds(() => Task.FromResult(warder.Node.Reads.Count == 1), TimeSpan.FromSeconds(30), "The list does not wait.");
            (await warder.Post($"/management_keys/{id}/revoke", new { })).Is(200);
        }

        Assert.Equal("insufficient_rights", (await list).Is(403).Code);
    }

    [Fact]
    public async Task The_lane_gives_way_where_every_processor_is_busy()
    {
        await using var warder = await RunningWarder.StartAsync();
        (await warder.Get("/api_keys")).Is(200);
        // A thread of another test's server may have just begun.
        await Eventually.Holds(
            static () => Task.FromResult(Niceness() is { Count: > 0 } all && all.TrueForAll(static value => value == "5")),
            TimeSpan.FromSeconds(10), "A thread of a lane has the usual priority.");
    }

    // Of a thread's status the second field is its name in brackets, and the nineteenth its niceness.
    private static List<string> Niceness()
    {
        var values = new List<string>();
        foreach (var thread in System.IO.Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                var status = File.ReadAllText(thread + "/stat");
                if (status.Contains("(reads)", StringComparison.Ordinal))
                    values.Add(status[(status.LastIndexOf(')') + 2)..].Split(' ')[16]);
            }
            catch (IOException)
            {
                // The thread has ended since.
            }
        }

        return values;
    }

    [Fact]
    public async Task A_list_that_takes_too_long_says_so_and_what_would_be_right()
    {
        await using var warder = await RunningWarder.StartAsync(interference: new() { ReadDeadline = TimeSpan.Zero });
        var reply = (await warder.Get("/api_keys?status=active")).Is(503);
        Assert.Equal("read_timeout", reply.Code);
        Assert.Contains("filters", reply.Text, StringComparison.Ordinal);
        Assert.True(warder.Node.Reads.TimedOut >= 1);
    }

    [Fact]
    public async Task Every_list_and_every_dry_run_of_an_owner_waits_for_its_turn_in_the_lane()
    {
        // What is short, or in memory.
        string[] whole = ["/health", "/nodes", "/receipts/pending", "/receipts/{id}/lines", "/signing_keys"];
        await using var warder = await RunningWarder.StartAsync();
        var inhabitants = await Fixture.MakeAsync(warder, warder.Key, "lane");
        foreach (var route in RouteTable.ForManagementKeys.Where(static route => route.Method == "GET" && !route.Pattern.EndsWith('}')))
        {
            if (whole.Contains(route.Pattern) || route.Pattern.StartsWith("/replicas/follow", StringComparison.Ordinal) || route.Direct is not null)
                continue;
            var before = warder.Node.Reads.Ran;
            var reply = await warder.Get(inhabitants.Path(route.Pattern));
            Assert.True(reply.Status != 200 || warder.Node.Reads.Ran == before + 1, $"{route.Pattern} answered {reply.Status} beside the lane");
        }

        foreach (var path in (string[])[$"/organizations/{inhabitants.Organization}", $"/user_management/users/{inhabitants.User}", $"/user_management/organization_memberships/{inhabitants.Membership}"])
        {
            var before = warder.Node.Reads.Ran;
            (await warder.Delete(path + "?dry_run=true")).Is(200);
            Assert.Equal(before + 1, warder.Node.Reads.Ran);
        }
    }

    [Fact]
    public async Task A_search_is_no_longer_than_a_name_and_finds_what_it_found()
    {
        await using var warder = await RunningWarder.StartAsync();
        var ids = new List<string>();
        foreach (var name in (string[])["Plain 100% a_b", "other", "PLAIN"])
            ids.Add((await warder.Post("/organizations", new { name })).Is(201).Id);
        Assert.Equal([ids[2], ids[0]], (await warder.Get("/organizations?search=plain")).Is(200).Ids);
        Assert.Equal([ids[0]], (await warder.Get("/organizations?search=" + Uri.EscapeDataString("0% A_B"))).Is(200).Ids);
        Assert.Empty((await warder.Get("/organizations?search=" + new string('a', 200))).Is(200).Ids);
        Assert.Contains("200", (await warder.Get("/organizations?search=" + new string('a', 201))).Is(422).Text, StringComparison.Ordinal);
    }

    private static Caller Of(int environment, string key) => new(key, null, environment);

    /// <summary>Reads that run until this is disposed of.</summary>
    private sealed class Block(ReadLane lane) : IDisposable
    {
        private readonly ManualResetEventSlim go = new();
        private int running;

        public void Add(int environment, string key) => _ = lane.Run<int>(
            Of(environment, key),
            _ =>
            {
                Interlocked.Increment(ref running);
                go.Wait(TimeSpan.FromSeconds(30));
                return 1;
            },
            static () => true);

        public Task Running(int count) => Eventually.Holds(() => Task.FromResult(Volatile.Read(ref running) == count), TimeSpan.FromSeconds(30), $"{running} run, not {count}.");

        public Task<Result<int>> Read(int environment, string key) => lane.Run<int>(Of(environment, key), static _ => 1, static () => true).WaitAsync(TimeSpan.FromSeconds(30));

        public void Dispose() => go.Set();
    }
}
