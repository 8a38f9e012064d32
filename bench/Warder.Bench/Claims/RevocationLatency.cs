using Warder.Bench.Commits;

namespace Warder.Bench.Claims;

/// <summary>Measures the 99th percentile of revocations, until in force, against the 99th percentile of durable commits.</summary>
internal sealed class RevocationLatency : Claim
{
    public override string Name => "latency";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var count = bench.Rounds(15);
        var rounds = CommitProcess.Run(bench, "latency", (count + 2) * 1_000, count);
        yield return new Row(
            "revocation p99, one caller / p99 of one durable commit", rounds.Select(round => round[3] / round[1]).Median(), 2, 1.5)
        {
            Note = $"p99 {rounds.Select(round => round[3]).Median():0} µs against {rounds.Select(round => round[1]).Median():0} µs;"
                + $" p50 {rounds.Select(round => round[2]).Median():0} µs against {rounds.Select(round => round[0]).Median():0} µs"
                + $" ({rounds.Select(round => round[2] / round[0]).Median():0.00}×)",
        };
    }
}
