using System.Diagnostics;
using Warder.Bench.Data;
using Warder.Bench.Http;
using Warder.Bench.Replicas;
using Warder.Client.Replicas;
using Warder.Core.Secrets;
using Warder.Core.Verification;

namespace Warder.Bench.Claims;

/// <summary>
/// How long a revocation takes until it is in force in every application that validates in its own process: over one connection to one node
/// on SQLite, with so many replicas that follow it and hold the key, against the same with none. All replicas run in this process, which
/// makes the changes too; each has its own stream.
/// </summary>
internal sealed class ReplicaChanges : Claim
{
    private const int Samples = 100;
    private const int WarmChanges = 1_000;
    private static readonly int[] Replicas = [0, 2, 8, 64];

    public override string Name => "replica/changes";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var rounds = bench.Rounds(9);
        var database = KeyDatabase.Create(bench.NewFolder("changes"), WarmChanges + (rounds * Replicas.Length * Samples));
        var keys = new Queue<(string Id, PresentedToken Token)>(
            File.ReadLines(database.KeyIdsPath).Zip(File.ReadLines(database.TokensPath).Select(static token => new PresentedToken(new SecretString(token)))));
        using var server = new WarderProcess(database.Folder);
        server.FirstAnswer(HttpText.Request("GET", "/health/ready", database.Authorization, ""));
        using var connection = new Connection(server.Address);
        Run(connection, database, Some(keys, WarmChanges), []);
        var latencies = Replicas.ToDictionary(static count => count, static _ => new List<double>());
        var allowed = 0;
        for (var round = 0; round < rounds; round++)
        {
            foreach (var count in Replicas)
            {
                var some = Some(keys, Samples);
                using var followers = new Followers(server.Address, database.Authorization, count, [.. some.Select(static key => key.Token)]);
                var (taken, after) = Run(connection, database, some, followers.All);
                latencies[count].AddRange(taken);
                allowed += after;
            }
        }

        foreach (var count in Replicas.Skip(1))
        {
            yield return Ratio(latencies, count, 0.5, "p50");
            yield return Ratio(latencies, count, 0.99, "p99");
        }

        yield return new Row("validations by replicas, begun after a revocation's return, that allowed the key", allowed, 0, 0) { Unit = $" of {rounds * Replicas.Sum() * Samples:N0}" };
    }

    private static Row Ratio(Dictionary<int, List<double>> latencies, int count, double share, string name)
        => new($"revocation {name}, in force in {count} replicas / with none", latencies[count].Quantile(share) / latencies[0].Quantile(share))
        {
            Note = $"{latencies[count].Quantile(share):0} µs against {latencies[0].Quantile(share):0} µs",
        };

    private static List<(string Id, PresentedToken Token)> Some(Queue<(string Id, PresentedToken Token)> keys, int count)
        => [.. Enumerable.Range(0, count).Select(_ => keys.Dequeue())];

    private static (List<double> Microseconds, int Allowed) Run(
        Connection connection, KeyDatabase database, List<(string Id, PresentedToken Token)> keys, IReadOnlyList<Client.WarderVerifier> followers)
    {
        var allowed = 0;
        var microseconds = new List<double>();
        foreach (var (id, token) in keys)
        {
            var request = HttpText.Request("POST", $"/api_keys/{id}/revoke", database.Authorization, "{}");
            var began = Stopwatch.GetTimestamp();
            HttpText.BodyOf(connection.Exchange(request));
            microseconds.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            allowed += followers.Count(follower => follower.TryValidate(token.Value.Reveal(), RequiredPermissions.None, out var decision) && decision.IsAllowed);
        }

        return (microseconds, allowed);
    }
}
