using System.Security.Cryptography;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Core.Verification;
using Warder.Engine.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Engine.Verification;
using Warder.Storage;

namespace Warder.Server.Tests.Verification;

/// <summary>
/// A key that memory does not hold is read on threads of its own, once for all callers that began to wait before the read was sent.
/// </summary>
public sealed class KeyReadsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_request_joins_a_read_that_was_not_yet_sent_and_no_other()
    {
        using var store = new HeldStore();
        await using var warder = await RunningWarder.StartAsync(interference: HeldBy(store));
        var reads = warder.Node.Validator.Reads;
        var (token, another) = (SHA256.HashData("token"u8), SHA256.HashData("another"u8));
        store.Hold();
        var first = reads.LoadAsync(1, [token]);
        await Eventually.Holds(() => Task.FromResult(store.Held == 1), Soon, "It is not read.");

        var second = reads.LoadAsync(1, [token]);
        // Another thread is free, and reads another token; the read of this token waits for the running one.
        var both = reads.LoadAsync(1, [another, token]);
        await Eventually.Holds(() => Task.FromResult(store.Held == 2), Soon, "It is not read.");
        Assert.Equal(1, reads.Waiting);

        store.Release();
        Assert.Null(Assert.Single(await first));
        Assert.Null(Assert.Single(await second));
        Assert.All(await both, Assert.Null);
        Assert.Equal(3, store.Passed);
        Assert.Empty(await reads.LoadAsync(1, []));
    }

    [Fact]
    public async Task While_the_store_is_held_up_a_thousand_misses_hold_a_few_threads_and_hits_and_changes_are_answered()
    {
        using var store = new HeldStore();
        await using var warder = await RunningWarder.StartAsync(interference: HeldBy(store));
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var value = (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201).Value;
        (await warder.Post("/api_keys/validations", new { value })).Is(200);
        store.Hold();
        // Over an embedded database the first caller reads by itself, and holds its thread.
        var held = warder.Node.Validator.Reads.Threads + (DataFolder.OnPostgres ? 0 : 1);
        var alone = warder.Post("/api_keys/validations", new { value = Unknown() });
        await Eventually.Holds(() => Task.FromResult(store.Held == 1), Soon, "It is not read.");
        var batches = Enumerable.Range(0, 10)
            .Select(
                _ => warder.Post(
                    "/api_keys/validations/batch",
                    new { validations = Enumerable.Range(0, 100).Select(static _ => new { value = Unknown() }) })).ToList();
        await Eventually.Holds(
            () => Task.FromResult(
                store.Held == held && warder.Node.Validator.Misses.Waiting == 10 - (MissGate.MostRunningOfEnvironment - 1)),
            Soon, "They do not wait.");

        for (var i = 0; i < 100; i++)
            Assert.Contains("allowed", (await warder.Post("/api_keys/validations", new { value })).Is(200).Text, StringComparison.Ordinal);
        (await warder.Post($"/organizations/{organization}/api_keys", new { name = "another" })).Is(201);
        Assert.Equal(held, store.Held);
        Assert.DoesNotContain(batches, static batch => batch.IsCompleted);
        Assert.False(alone.IsCompleted);

        store.Release();
        Assert.Contains("not_found", (await alone).Is(200).Text, StringComparison.Ordinal);
        foreach (var batch in batches)
            Assert.Equal(
                100, (await batch).Is(200).Json.GetProperty("results").EnumerateArray()
                    .Count(static each => each.GetRawText().Contains("not_found", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_batch_of_keys_in_memory_keys_to_read_and_unknown_ones_is_answered_in_order_and_counted_once()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var values = new List<string>();
        for (var i = 0; i < 40; i++)
            values.Add((await warder.Post($"/organizations/{organization}/api_keys", new { name = $"k{i}" })).Is(201).Value);
        for (var i = 0; i < 40; i += 2)
            (await warder.Post("/api_keys/validations", new { value = values[i] })).Is(200);
        var before = warder.Node.Counts.Own.Read();
        var presented = values.SelectMany(static value => (string[])[value, Unknown(), value]).ToList();
        presented = [.. presented.Take(100)];
        var results = (await warder.Post("/api_keys/validations/batch",
            new { validations = presented.Select(static value => new { value }) })).Is(200).Json.GetProperty("results");
        for (var i = 0; i < presented.Count; i++)
        {
            var name = results[i].GetProperty("api_key") is { ValueKind: System.Text.Json.JsonValueKind.Object } key
                ? key.GetProperty("name").GetString()
                : null;
            Assert.Equal(i % 3 == 1 ? null : $"k{i / 3}", name);
        }

        var after = warder.Node.Counts.Own.Read();
        Assert.Equal(
            presented.Count(value => values.Contains(value)), after[(int)DecisionCode.Allowed] - before[(int)DecisionCode.Allowed]);
        Assert.Equal(
            presented.Count(value => !values.Contains(value)), after[(int)DecisionCode.NotFound] - before[(int)DecisionCode.NotFound]);
    }

    [Fact]
    public async Task A_read_that_fails_fails_its_requests_and_no_later_one()
    {
        var isBroken = false;
        await using var warder = await RunningWarder.StartAsync(interference: new FaultHooks
        {
            Reading = () =>
            {
                if (Volatile.Read(ref isBroken))
                    throw new StorageException(StorageFaultKind.Unavailable, "It is broken.");
            },
        });
        Volatile.Write(ref isBroken, true);
        (await warder.Post("/api_keys/validations", new { value = Unknown() })).Is(503);
        (await warder.Post(
            "/api_keys/validations/batch", new { validations = new[] { new { value = Unknown() }, new { value = Unknown() } } })).Is(503);
        Volatile.Write(ref isBroken, false);
        (await warder.Post("/api_keys/validations", new { value = Unknown() })).Is(200);
        (await warder.Post(
            "/api_keys/validations/batch", new { validations = new[] { new { value = Unknown() }, new { value = Unknown() } } })).Is(200);
        Assert.Equal(0, warder.Node.Validator.Reads.Waiting);
    }

    [Fact]
    public async Task A_large_batch_is_answered_on_a_reading_thread_and_a_failure_there_is_that_of_its_request()
    {
        await using var warder = await RunningWarder.StartAsync();
        var reads = warder.Node.Validator.Reads;
        var (name, isPool) = await reads.RunAsync(1, static () => (Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread));
        Assert.Equal("key reader", name);
        Assert.False(isPool);
        // What follows the work runs on the pool: Kestrel continues with the connection's next request there.
        Assert.True(Thread.CurrentThread.IsThreadPoolThread);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => reads.RunAsync<int>(1, static () => throw new InvalidOperationException("of this request")));
        Assert.Null(Assert.Single(await reads.LoadAsync(1, [SHA256.HashData("token"u8)])));
    }

    [Fact]
    public async Task A_request_that_fails_ends_only_when_all_its_reads_have_ended()
    {
        using var store = new HeldStore();
        var isFirst = 1;
        await using var warder = await RunningWarder.StartAsync(interference: new FaultHooks
        {
            Reading = () =>
            {
                if (Interlocked.Exchange(ref isFirst, 0) == 1)
                    throw new StorageException(StorageFaultKind.Unavailable, "It is broken.");
                store.Pass();
            },
        });
        var reads = warder.Node.Validator.Reads;
        store.Hold();
        // Three statements, of which the first fails. If that ended the request, its place would be free while its other reads still wait.
        var request = reads.LoadAsync(1, [.. Enumerable.Range(0, 40).Select(static i => SHA256.HashData([(byte)i]))]);
        await Eventually.Holds(() => Task.FromResult(store.Held == 2 && reads.Waiting == 0), Soon, "They are not read.");
        await Task.Delay(TimeSpan.FromMilliseconds(200));
        Assert.False(request.IsCompleted);

        store.Release();
        await Assert.ThrowsAsync<StorageException>(() => request);
        Assert.All(await reads.LoadAsync(1, [SHA256.HashData([0])]), Assert.Null);
    }

    [Fact]
    public async Task Tokens_that_must_include_an_event_are_read_side_by_side()
    {
        using var store = new HeldStore();
        await using var warder = await RunningWarder.StartAsync(interference: HeldBy(store));
        store.Hold();
        var ahead = warder.Node.Cache.Applied + 1_000;
        Miss[] misses = [.. Enumerable.Range(0, 2).Select(i => new Miss([(byte)i], SHA256.HashData([(byte)i]), ahead))];
        var request = warder.Node.Validator.ReadAsync(warder.Node.Environments[1], misses);
        await Eventually.Holds(() => Task.FromResult(store.Held == 2), Soon, "One waits for the other.");

        store.Release();
        await request;
        Assert.All(misses, static miss => Assert.Equal(DecisionCode.Unavailable, miss.Found!.Value.Code));
    }

    private static string Unknown() => TokenFormat.Issue("wdr_live", Entropy.System).Reveal();

    // Requests wait for as long as the store is held.
    private static FaultHooks HeldBy(HeldStore store) => new() { Reading = store.Pass, MostMissWait = TimeSpan.FromMinutes(1) };

    // Holds up readers, and counts them.
    private sealed class HeldStore : IDisposable
    {
        private readonly ManualResetEventSlim open = new(initialState: true);
        private int held;
        private int passed;

        public int Held => Volatile.Read(ref held);

        public int Passed => Volatile.Read(ref passed);

        public void Hold() => open.Reset();

        public void Release() => open.Set();

        public void Pass()
        {
            Interlocked.Increment(ref held);
            open.Wait();
            Interlocked.Decrement(ref held);
            Interlocked.Increment(ref passed);
        }

        public void Dispose()
        {
            open.Set();
            open.Dispose();
        }
    }
}
