using System.Diagnostics;
using Warder.Bench.Data;
using Warder.Bench.Http;
using Warder.Bench.Peers;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Engine.Lists;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures the cost of 10,000 concurrent misses to hits and changes. A hundred callers each send batches of a hundred keys, none of which
/// is in memory and half of which do not exist. Beside them run one hit a millisecond, and one revocation every 5 ms.
/// </summary>
internal sealed class MissesBesideHits : Claim
{
    private const int Callers = 100, Together = 100;
    private const int Changes = 20_000;
    private const double Bar = 3, Aim = 1.5;
    private static readonly TimeSpan HitPace = TimeSpan.FromMilliseconds(1), ChangePace = TimeSpan.FromMilliseconds(5);

    private const int RetryMilliseconds = 20;

    // Fixed here: with the priority of the server's reads, a change of that would change the load as well.
    private const int LoadNice = 5;

    public override string Name => "misses";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var waves = bench.Rounds(9) * 2;
        var database = NewDatabase(bench, waves);
        using (var server = new WarderProcess(database.Folder))
        {
            foreach (var row in On("SQLite", database, server, waves))
                yield return row;
        }

        using var postgres = new PostgresServer();
        database = NewDatabase(bench, waves);
        var connection = postgres.NewDatabase("warder");
        Tool.Run(WarderProcess.Command(connection, "migrate-data", "--data", database.Folder));
        using (var server = new WarderProcess(bench.NewFolder("node"), connection, "--root-key", Path.Combine(database.Folder, "root-key")))
        {
            foreach (var row in On("PostgreSQL", database, server, waves))
                yield return row;
        }
    }

    private static KeyDatabase NewDatabase(Bench bench, int waves)
        => KeyDatabase.Create(bench.NewFolder("misses"), Changes + (waves * Callers * Together / 2) + 1);

    private static IEnumerable<Row> On(string where, KeyDatabase database, WarderProcess server, int waves)
    {
        server.FirstAnswer(HttpText.Request("GET", "/health/ready", database.Authorization, ""));
        var tokens = File.ReadAllLines(database.TokensPath);
        var hit = HttpText.Validation(database.Authorization, tokens[^1]);
        var changes = new Queue<byte[]>(File.ReadLines(database.KeyIdsPath).Take(Changes)
            .Select(id => HttpText.Request("POST", $"/api_keys/{id}/revoke", database.Authorization, "{}")));
        var callers = Enumerable.Range(0, Callers).Select(_ => new Connection(server.Address)).ToList();
        var (hitsWithout, hitsWith, changesWithout, changesWith) = (
            new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var milliseconds = new List<double>();
        try
        {
            // The first wave compiles the code.
            for (var wave = 0; wave < waves; wave++)
            {
                var requests = Wave(
                    database.Authorization, tokens.AsSpan(Changes + (wave * Callers * Together / 2), Callers * Together / 2));
                var began = Stopwatch.GetTimestamp();
                var (hits, revocations) = Beside(server, hit, changes, () => Parallel(callers, requests));
                var taken = Stopwatch.GetElapsedTime(began);
                var (alone, revocationsAlone) = Beside(server, hit, changes, () => Thread.Sleep(taken));
                if (wave == 0)
                    continue;
                milliseconds.Add(taken.TotalMilliseconds);
                hitsWith.AddRange(hits);
                changesWith.AddRange(revocations);
                hitsWithout.AddRange(alone);
                changesWithout.AddRange(revocationsAlone);
            }
        }
        finally
        {
            callers.ForEach(static caller => caller.Dispose());
        }

        yield return Ratio($"p99 of hits beside 10,000 concurrent misses / without, {where}", hitsWithout, hitsWith, milliseconds);
        yield return Ratio(
            $"p99 of revocations beside 10,000 concurrent misses / without, {where}", changesWithout, changesWith, milliseconds);
    }

    private static Row Ratio(string text, List<double> without, List<double> with, List<double> wave)
        => new(text, with.Quantile(0.99) / without.Quantile(0.99), Bar, Aim)
    {
        Note =
            $"{with.Quantile(0.99):0.00} ms against {without.Quantile(0.99):0.00} ms; {with.Count:N0} samples; the misses take"
                + $" {wave.Median():0} ms",
    };

    // Half of each batch exists.
    private static List<byte[]> Wave(string authorization, ReadOnlySpan<string> tokens)
    {
        var requests = new List<byte[]>(Callers);
        for (var caller = 0; caller < Callers; caller++)
        {
            var values = new List<string>(Together);
            foreach (var token in tokens.Slice(caller * Together / 2, Together / 2))
                values.AddRange([token, TokenFormat.Issue("wdr_live", Entropy.System).Reveal()]);
            requests.Add(HttpText.Request(
                "POST", "/api_keys/validations/batch", authorization,
                $$"""{"validations":[{{string.Join(',', values.Select(static value => $$"""{"value":"{{value}}"}"""))}}]}"""));
        }

        return requests;
    }

    private static void Parallel(List<Connection> callers, List<byte[]> requests)
    {
        var threads = callers.Select((caller, i) => new Thread(() => Load(caller, requests[i]))).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
    }

    // The load must not take the processor from the threads that measure.
    private static void Load(Connection caller, byte[] request)
    {
        SchedulingPriority.Lower(LoadNice);
        UntilAnswered(caller, request);
    }

    // The server refuses requests beyond the bounds of an environment; the caller sends them again.
    private static void UntilAnswered(Connection caller, byte[] request)
    {
        while (true)
        {
            var answer = caller.Exchange(request);
            if (!HttpText.IsUnavailable(answer))
            {
                HttpText.BodyOf(answer);
                return;
            }

            Thread.Sleep(RetryMilliseconds);
        }
    }

    // Measures the durations of hits and revocations during other work.
    private static (List<double> Hits, List<double> Changes) Beside(WarderProcess server, byte[] hit, Queue<byte[]> changes, Action action)
    {
        var isOver = false;
        var (hits, revocations) = (new List<double>(), new List<double>());
        var threads = new List<Thread>
        {
            new(() => Repeat(server, () => hit, HitPace, hits, () => Volatile.Read(ref isOver))),
            new(() => Repeat(server, changes.Dequeue, ChangePace, revocations, () => Volatile.Read(ref isOver) || changes.Count == 0)),
        };
        threads.ForEach(static thread => thread.Start());
        action();
        Volatile.Write(ref isOver, true);
        threads.ForEach(static thread => thread.Join());
        return (hits, revocations);
    }

    private static void Repeat(WarderProcess server, Func<byte[]> request, TimeSpan pace, List<double> milliseconds, Func<bool> isOver)
    {
        using var connection = new Connection(server.Address);
        while (!isOver())
        {
            var bytes = request();
            var began = Stopwatch.GetTimestamp();
            HttpText.BodyOf(connection.Exchange(bytes));
            var taken = Stopwatch.GetElapsedTime(began);
            milliseconds.Add(taken.TotalMilliseconds);
            if (pace - taken is { Ticks: > 0 } left)
                Thread.Sleep(left);
        }
    }
}
