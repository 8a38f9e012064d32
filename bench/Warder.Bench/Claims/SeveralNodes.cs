using Warder.Bench.Data;
using Warder.Bench.Http;
using Warder.Bench.Nodes;
using Warder.Bench.Peers;
using Warder.Core.Leases;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures the costs and gains of several nodes over one PostgreSQL: each node is a process, in one run with bare commits of the same
/// database.
/// </summary>
internal sealed class SeveralNodes : Claim
{
    private const int Keys = 320_000;
    private const int MostNodes = 4;
    private const int Samples = 400;
    private const int Callers = 64;
    private const double Seconds = 1;
    private const int MostRounds = 5;
    // A running server has compiled its code; a new process spends half of a core on that.
    private const int WarmChanges = 4_000;
    private const int Cached = 1_000;

    private readonly List<NodeProcess> nodes = [];

    public override string Name => "nodes";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        using var postgres = new PostgresServer();
        var database = KeyDatabase.Create(bench.NewFolder("nodes"), Keys);
        var connection = postgres.NewDatabase("warder");
        Tool.Run(WarderProcess.Command(connection, "migrate-data", "--data", database.Folder));
        void Grow(int count)
        {
            while (nodes.Count < count)
                nodes.Add(new NodeProcess(database, connection, bench.NewFolder("node"), nodes.Count, MostNodes));
            nodes[0].Measure($"latency {WarmChanges}");
        }

        try
        {
            return [.. Run(bench.Rounds(9), Grow)];
        }
        finally
        {
            nodes.ForEach(node => node.Dispose());
            nodes.Clear();
        }
    }

    private IEnumerable<Row> Run(int rounds, Action<int> grow)
    {
        grow(1);
        var alone = Many(rounds, () => nodes[0].Measure($"latency {Samples}"));
        yield return Latency("revocation p99, one node / p99 of one durable commit, PostgreSQL", alone, 3, 2);
        var one = Together(rounds, 1);
        grow(2);
        var peer = Many(rounds, () => nodes[0].Measure($"latency {Samples}"));
        yield return Latency("revocation p99, in force on a peer node, too / one durable commit", peer, 4, 2);
        yield return new Row("the same, p50", peer.Select(static round => round[2] / round[0]).Median(), 4, 2);
        var two = Together(rounds, 2);
        yield return new Row("changes/s of two nodes together / of one, 64 callers", two.Median() / one.Median(), 0.7, 0.9)
        {
            Floor = true, Note = $"{two.Median():N0}/s against {one.Median():N0}/s",
        };
        yield return Validations(rounds);
        grow(MostNodes);
        yield return Latency(
            "revocation p99, in force on four nodes / one durable commit", Many(rounds, () => nodes[0].Measure($"latency {Samples}")),
            null, null);
        var four = Together(rounds, MostNodes);
        yield return new Row(
            "changes/s of four nodes together / of one", four.Median() / one.Median()) { Floor = true, Note = $"{four.Median():N0}/s" };
        foreach (var row in Frozen())
            yield return row;
    }

    private static List<double[]> Many(int rounds, Func<double[]> measure) => [.. Enumerable.Range(0, rounds).Select(_ => measure())];

    private static Row Latency(string text, List<double[]> rounds, double? bar, double? aim)
        => new(text, rounds.Select(round => round[3] / round[1]).Median(), bar, aim)
        {
            Note = $"p99 {rounds.Select(round => round[3]).Median():0} µs against {rounds.Select(round => round[1]).Median():0} µs;"
                + $" p50 {rounds.Select(round => round[2]).Median():0} µs against {rounds.Select(round => round[0]).Median():0} µs"
                + $" ({rounds.Select(round => round[2] / round[0]).Median():0.00}×)",
        };

    // The total number of callers is the same for any number of nodes.
    private List<double> Together(int rounds, int count) => [.. Enumerable.Range(0, Math.Min(rounds, MostRounds) + 1).Select(_ =>
    {
        var measuring = nodes.Take(count).ToList();
        measuring.ForEach(node => node.Begin($"revoke {Callers / count} {Seconds}"));
        return measuring.Sum(node => node.Hear()[0]);
    }).Skip(1)];

    private Row Validations(int rounds)
    {
        var one = Many(rounds, () => nodes[0].Measure($"validate {Cached} 1")).Select(round => round[0]).Median();
        var two = Many(rounds, () =>
        {
            nodes[0].Begin($"validate {Cached} 1");
            nodes[1].Begin($"validate {Cached} 1");
            return [nodes[0].Hear()[0] + nodes[1].Hear()[0]];
        }).Select(round => round[0]).Median();
        return new Row("validations/s of two nodes / of one, one thread each, no HTTP", two / one) { Floor = true,
            Note = $"{two:N0}/s against {one:N0}/s" };
    }

    private IEnumerable<Row> Frozen()
    {
        var before = nodes[0].Measure($"latency {Samples}");
        nodes[^1].Freeze();
        var first = nodes[0].Measure("latency 1")[4] / 1_000 / LeaseTerms.DefaultMilliseconds;
        yield return new Row(
            "the first change after a node froze, in leases", first, 1.2) { Note = $"{first * LeaseTerms.DefaultMilliseconds:0} ms" };
        var after = nodes[0].Measure($"latency {Samples}");
        yield return new Row("later changes, p99 / before",
            after[3] / before[3]) { Note = $"p99 {after[3]:0} µs against {before[3]:0} µs; the longest {after[4]:0} µs" };
    }
}
