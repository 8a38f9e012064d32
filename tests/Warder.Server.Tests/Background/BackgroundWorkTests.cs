using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Background;
using Warder.Engine.Streams;
using Warder.Engine.Telemetry;
using Warder.Server.Telemetry;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Background;

public sealed class BackgroundWorkTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Health_shows_every_work_with_its_last_run()
    {
        await using var warder = await RunningWarder.StartAsync();
        await warder.Node.Usage.FlushAsync();
        var shown = await Shown(warder);

        Assert.Equal(["watermark", "receipts", "usage", "stalls", "sweeper"], shown.Keys);
        Assert.Equal(JsonValueKind.String, shown["usage"].GetProperty("last_run_at").ValueKind);
        Assert.All(shown.Values, static work => Assert.Equal(JsonValueKind.Null, work.GetProperty("problem").ValueKind));
        await Eventually.Holds(
            async () => (await Shown(warder))["sweeper"].GetProperty("last_run_at").ValueKind == JsonValueKind.String, Soon,
            "The sweeper did not run.");
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task A_work_that_fails_is_shown_in_health_and_recovers_by_itself()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        await warder.Node.ReceiptWriter.WriteAsync();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={warder.Folder.Database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();
            Assert.Equal("allowed", await warder.Decide(own.KeyValue));
            await Assert.ThrowsAnyAsync<Exception>(() => warder.Node.Usage.FlushAsync());
            var failing = (await Shown(warder))["usage"];
            Assert.NotEqual("", failing.GetProperty("problem").GetString());
            Assert.Equal(JsonValueKind.String, failing.GetProperty("problem_at").ValueKind);
            Assert.True(failing.GetProperty("backlog").GetInt64() >= 1, failing.ToString());
            command.CommandText = "ROLLBACK";
            command.ExecuteNonQuery();
        }

        await Eventually.Holds(
            async () => (await Shown(warder))["usage"].GetProperty("problem").ValueKind == JsonValueKind.Null, Soon,
            "The work did not recover.");
        var recovered = (await Shown(warder))["usage"];
        Assert.Equal(JsonValueKind.Null, recovered.GetProperty("problem_at").ValueKind);
        Assert.NotNull((await warder.Get("/api_keys/" + own.Key))["last_used_at"]);
    }

    [Fact]
    public async Task A_work_that_fails_delays_no_other_and_is_repeated_until_it_succeeds()
    {
        var (failing, sound) = (new CountingWork("failing") { Problem = "The destination is away." }, new CountingWork("sound"));
        using var host = new BackgroundHost([failing, sound]);
        host.Start(NullLoggerFactory.Instance);
        await Eventually.Holds(
            () => Task.FromResult(failing.Status.Failures >= 3 && sound.Rounds >= 3), Soon, "The rounds were not repeated.");
        Assert.Equal("The destination is away.", failing.Status.Problem);
        Assert.NotNull(failing.Status.ProblemAt);
        Assert.Null(failing.Status.LastRunAt);
        Assert.Equal((0, 0L), (sound.LoggedFailures, sound.Status.Failures));
        Assert.Equal(1, Observe(host)["warder.background.failing failing"]);

        failing.Problem = null;
        await Eventually.Holds(
            () => Task.FromResult(failing.Status is { Problem: null, LastRunAt: not null }), Soon, "The work did not recover.");
        Assert.Equal((1, 1), (failing.LoggedFailures, failing.LoggedRecoveries));
        var seen = Observe(host);
        Assert.Equal(
            (0L, 0L, 7L),
            (seen["warder.background.failing failing"], seen["warder.background.failures sound"],
                seen["warder.background.backlog sound"]));
        Assert.True(seen["warder.background.failures failing"] >= 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_round_runs_after_the_stop_and_a_last_one_only_where_there_is_one(bool hasLastRound)
    {
        var work = new CountingWork("idle") { Every = null, EndsWithRound = hasLastRound };
        using (var host = new BackgroundHost([work]))
            host.Start(NullLoggerFactory.Instance);

        Assert.Equal(hasLastRound ? 1 : 0, work.Rounds);
        work.Dispose();
        Assert.Equal(hasLastRound ? 1 : 0, work.Rounds);
    }

    [Fact]
    public void Works_stop_in_the_reverse_order_of_their_start()
    {
        List<string> order = [];
        using (var host = new BackgroundHost([Noting("first"), Noting("second")]))
            host.Start(NullLoggerFactory.Instance);
        Assert.Equal(["second", "first"], order);

        CountingWork Noting(string name) => new(name) { Every = null, EndsWithRound = true, Ran = () => order.Add(name) };
    }

    private static async Task<Dictionary<string, JsonElement>> Shown(RunningWarder warder)
        => (await warder.Get("/health")).Is(200).Json.GetProperty("background_work").EnumerateArray()
            .ToDictionary(static work => work.GetProperty("name").GetString()!);

    // As an exporter reads them.
    private static Dictionary<string, long> Observe(BackgroundHost host)
    {
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener();
        using var meter = new WarderMeter(
            new Core.Verification.KeyCache(Entropy.System, 1), new ValidationCounts(), new Storage.Secrets.RowMacs(), new StreamQuota());
        meter.Observe(host);
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name.StartsWith("warder.background", StringComparison.Ordinal) && meter.Owns(instrument))
                all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add($"{instrument.Name} {tags[0].Value}", value));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }

    private sealed class CountingWork(string name) : BackgroundWork(Clock.System)
    {
        private int rounds;

        public string? Problem { get; set; }

        public TimeSpan? Every { get; init; } = TimeSpan.FromMilliseconds(5);

        public bool EndsWithRound { get; init; }

        public Action Ran { get; init; } = static () => { };

        public int Rounds => Volatile.Read(ref rounds);

        public int LoggedFailures { get; private set; }

        public int LoggedRecoveries { get; private set; }

        public override string Name => name;

        public override long? Backlog => 7;

        protected override TimeSpan? Period => Every;

        protected override TimeSpan RetryPause => TimeSpan.FromMilliseconds(5);

        protected override bool HasLastRound => EndsWithRound;

        protected override Task RoundAsync(CancellationToken stopping)
        {
            Interlocked.Increment(ref rounds);
            Ran();
            return Problem is { } problem ? throw new InvalidOperationException(problem) : Task.CompletedTask;
        }

        protected override void LogFailing(string problem) => LoggedFailures++;

        protected override void LogRecovered() => LoggedRecoveries++;
    }
}
