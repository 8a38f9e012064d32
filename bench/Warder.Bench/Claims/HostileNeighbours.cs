using System.Diagnostics;
using System.Text.Json;
using Warder.Bench.Attacks;
using Warder.Bench.Data;
using Warder.Bench.Http;
using Warder.Bench.Peers;
using Warder.Bench.Replicas;
using Warder.Client.Replicas;
using Warder.Core.Secrets;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures the cost of hostile replicas to the revocations of environment A, which has well-behaved replicas of its own. The hostile
/// replicas hold a key of environment B, or a key of A. One caller makes one revocation every 10 ms.
/// </summary>
internal sealed class HostileNeighbours : Claim
{
    private const int Nodes = 3;
    private const int Honest = 2;
    private const int WarmChanges = 500;
    private const double MostSecondsWithout = 3;
    private const double BarMilliseconds = 2, BarRatio = 1.5, Aim = 1.2;

    // The budget of a key, plus its last lease when the budget is used up. Nodes exchange state twice: the measured stall, and the key's
    // bar.
    private const double BudgetSeconds = 2.2, LeaseSeconds = 2.2, ExchangesSeconds = 0.4;
    private const double WithinSeconds = 15, SteadyAfterSeconds = 8, LeastWaitMilliseconds = 100;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10), UntilLeasesEnd = TimeSpan.FromSeconds(2.5);

    public override string Name => "isolation";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var (rounds, seconds) = bench.IsLong ? (60, 10.0) : (bench.Rounds(9), 2.0);
        var database = KeyDatabase.Create(
            bench.NewFolder("isolation"), (int)(((rounds * 2 * seconds) + (2 * WithinSeconds)) / Pace.TotalSeconds) + (4 * WarmChanges));
        using (var server = new WarderProcess(database.Folder))
        {
            foreach (var row in On("SQLite", database, [server], rounds, seconds))
                yield return row;
        }

        using var postgres = new PostgresServer();
        database = KeyDatabase.Create(
            bench.NewFolder("isolation"), (int)(((rounds * 2 * seconds) + (2 * WithinSeconds)) / Pace.TotalSeconds) + (4 * WarmChanges));
        var connection = postgres.NewDatabase("warder");
        Tool.Run(WarderProcess.Command(connection, "migrate-data", "--data", database.Folder));
        var servers = Enumerable.Range(0, Nodes)
            .Select(
                _ => new WarderProcess(
                    bench.NewFolder("node"), connection, "--root-key", Path.Combine(database.Folder, "root-key"))).ToList();
        try
        {
            foreach (var row in On("PostgreSQL, three nodes", database, servers, rounds, seconds))
                yield return row;
        }
        finally
        {
            servers.ForEach(static server => server.Dispose());
        }
    }

    private static IEnumerable<Row> On(string where, KeyDatabase database, IReadOnlyList<WarderProcess> servers, int rounds, double seconds)
    {
        foreach (var server in servers)
            server.FirstAnswer(HttpText.Request("GET", "/health/ready", database.Authorization, ""));
        using var connection = new Connection(servers[0].Address);
        var keys = new Queue<string>(File.ReadLines(database.KeyIdsPath));
        var (neighbour, own) = HostileKeys(connection, database.Authorization);
        using var followers = new Followers(
            servers[^1].Address, database.Authorization, Honest,
            [.. File.ReadLines(database.TokensPath).TakeLast(1).Select(static token => new PresentedToken(new SecretString(token)))]);
        for (var i = 0; i < WarmChanges; i++)
            Revoke(connection, database, keys);
        var (without, with) = (new List<double>(), new List<double>());
        using var attack = new AttackProcess(neighbour, servers.Select(static server => server.Address));
        for (var round = 0; round < rounds; round++)
        {
            Thread.Sleep(UntilLeasesEnd);
            without.AddRange(
                Revocations(connection, database, keys, Math.Min(seconds, MostSecondsWithout), followers)
                    .Select(static each => each.Milliseconds));
            attack.During(
                () => with.AddRange(Revocations(connection, database, keys, seconds, followers).Select(static each => each.Milliseconds)));
        }

        yield return Ratio(
            $"revocation p99 in environment A while keys of B attack / while none do, {where}", without, with, 0.99, attack.Share);
        yield return Ratio(
            $"revocation p50 in environment A while keys of B attack / while none do, {where}", without, with, 0.5, attack.Share);
        // No revocation waits for the attack that compiles its code.
        using var within = new AttackProcess(own, servers.Select(static server => server.Address));
        List<(double AtSeconds, double Milliseconds, bool Leased)> under = [];
        within.During(() => under = Revocations(connection, database, keys, WithinSeconds, followers));
        // Each of these waited for a lease; the rest vary as revocations usually do.
        var waited = under.FindAll(static each => each.Milliseconds > LeastWaitMilliseconds);
        yield return new Row(
            $"time that revocations wait for one hostile key of A, until it is barred, {where}",
            waited.Sum(static each => each.Milliseconds) / 1_000, BudgetSeconds + LeaseSeconds + (servers.Count > 1 ? ExchangesSeconds : 0),
            BudgetSeconds)
        {
            Unit = " s",
            Note = string.Join(", ", waited.Select(static each => $"{each.Milliseconds:0} ms at {each.AtSeconds:0.0} s")),
        };
        yield return Ratio(
            $"revocation p99 in environment A, {SteadyAfterSeconds} s after a key of A began to attack / before, {where}",
            without, [.. under.Where(static each => each.AtSeconds > SteadyAfterSeconds).Select(static each => each.Milliseconds)], 0.99,
            within.Share);
        yield return new Row($"revocations after which a well-behaved replica of A had no lease, {where}",
            under.Count(static each => !each.Leased), 0, 0) { Unit = $" of {under.Count:N0}" };
    }

    private static Row Ratio(string text, List<double> without, List<double> with, double share, double attackers)
    {
        var (before, under) = (without.Quantile(share), with.Count == 0 ? double.PositiveInfinity : with.Quantile(share));
        return new Row(text, under / before, Math.Max(BarRatio, (before + BarMilliseconds) / before), Aim)
        {
            Note = $"{under:0.00} ms against {before:0.00} ms; {with.Count:N0} revocations; the attackers use {attackers:p1} of a core",
        };
    }

    // (The call's time in its stretch, its duration, and whether each well-behaved replica had a lease when it had returned.)
    private static List<(double AtSeconds, double Milliseconds, bool Leased)> Revocations(
        Connection connection, KeyDatabase database, Queue<string> keys, double seconds, Followers followers)
    {
        var all = new List<(double, double, bool)>();
        var began = Stopwatch.GetTimestamp();
        for (var at = TimeSpan.Zero; at.TotalSeconds < seconds && keys.Count > 1; at = Stopwatch.GetElapsedTime(began))
        {
            var taken = Revoke(connection, database, keys);
            all.Add(
                (at.TotalSeconds, taken.TotalMilliseconds, followers.All.All(static follower => follower.Health.Lease > TimeSpan.Zero)));
            if (Pace - taken is { Ticks: > 0 } left)
                Thread.Sleep(left);
        }

        return all;
    }

    private static TimeSpan Revoke(Connection connection, KeyDatabase database, Queue<string> keys)
    {
        var request = HttpText.Request("POST", $"/api_keys/{keys.Dequeue()}/revoke", database.Authorization, "{}");
        var began = Stopwatch.GetTimestamp();
        HttpText.BodyOf(connection.Exchange(request));
        return Stopwatch.GetElapsedTime(began);
    }

    // Keys with the right to validate and no other right: one of another environment, one of this.
    private static (string Neighbour, string Own) HostileKeys(Connection connection, string authorization)
    {
        var environment = Post(connection, authorization, "/environments", """{"name":"neighbour","key_prefix":"neighbour"}""");
        var neighbour = "Bearer " + environment.GetProperty("management_key").GetProperty("value").GetString();
        return (NewKey(connection, neighbour), NewKey(connection, authorization));
    }

    private static string NewKey(Connection connection, string authorization)
        => "Bearer " + Post(connection, authorization, "/management_keys", """{"name":"hostile","rights":["keys:validate"]}""")
            .GetProperty("value").GetString();

    private static JsonElement Post(Connection connection, string authorization, string path, string body)
        => JsonDocument.Parse(HttpText.BodyOf(connection.Exchange(HttpText.Request("POST", path, authorization, body))).ToArray())
            .RootElement;
}
