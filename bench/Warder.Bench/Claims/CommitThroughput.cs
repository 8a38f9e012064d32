using Warder.Bench.Commits;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures creations and revocations a second by 64 callers against bare durable commits a second by one, on this disk and on a slower
/// one.
/// </summary>
internal sealed class CommitThroughput : Claim
{
    private const int Keys = 600_000;
    private const int KeysOnSlowDisk = 200_000;

    public override string Name => "commits";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var fast = CommitProcess.Run(bench, "throughput", Keys, bench.Rounds(15));
        yield return Against("creations/s, 64 callers / bare commits/s, SQLite", fast, 1, 3.5, 6);
        yield return Against("revocations/s, 64 callers / bare commits/s, SQLite", fast, 2, 4, 8);
        if (CommitProcess.CompileDelay(bench) is not { } delay)
        {
            Console.Error.WriteLine("  no C compiler (cc): the claims with a slower disk are left out");
            yield break;
        }

        var slow = CommitProcess.Run(bench, "throughput", KeysOnSlowDisk, bench.Rounds(15), delay);
        yield return Against("creations/s, the same, 1 ms added per fsync", slow, 1, 18, 28);
        yield return Against("revocations/s, the same, 1 ms added per fsync", slow, 2, 18, 28);
    }

    private static Row Against(string claim, List<double[]> rounds, int column, double? bar, double? aim)
        => new(claim, rounds.Select(round => round[column] / round[0]).Median(), bar, aim)
        {
            Floor = true,
            Note =
                $"{rounds.Select(round => round[column]).Median():N0}/s, {rounds.Select(round => round[column + 2]).Median():0} µs of"
                    + $" processor time each,"
                + $" against {rounds.Select(round => round[0]).Median():N0}/s",
        };
}
