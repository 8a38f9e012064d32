using Warder.Bench.Http;
using Warder.Bench.Peers;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures Warder, on one node and on two, beside Better Auth's API keys on two instances, with the same load and the same probe:
/// validations a second, and the fate of a key in use while it is ended. Rounds alternate between the systems; each has the whole machine
/// except the load's share.
/// </summary>
internal sealed class PeerComparison : Claim
{
    private const int Keys = 1_000;
    private const double Seconds = 1;
    private const double WarmSeconds = 4;

    public override string Name => "peers/better-auth";

    public override bool OnRequest => true;

    public override IEnumerable<Row> Measure(Bench bench)
    {
        BetterAuth.Install();
        // One for each system, so that its processor time counts for that system.
        using var postgres = new PostgresServer();
        using var warderPostgres = new PostgresServer();
        using var redis = new RedisServer(bench);
        var (ours, peers) = (new List<Deployment>(), new List<Deployment>());
        try
        {
            ours.Add(WarderDeployment.OnSqlite(bench.Database(Keys)));
            ours.Add(WarderDeployment.OnPostgres(bench, Keys, warderPostgres));
            foreach (var mode in BetterAuth.Modes)
                peers.Add(BetterAuth.Start(bench, mode, Keys, postgres, redis));
            Console.Error.WriteLine($"  load by {Load.Generator}");
            var loads = Run(bench, [.. ours, .. peers]);
            foreach (var (warder, peer) in ours.SelectMany(_ => peers, (warder, peer) => (warder, peer)))
            {
                yield return Throughput(warder, peer, loads);
                yield return ByProcessorTime(warder, peer, loads);
            }

            foreach (var deployment in ours.Concat(peers))
            {
                foreach (var ending in deployment.Endings)
                    yield return Afterlife(bench, deployment, ending, ours.Contains(deployment) ? 0 : null);
            }
        }
        finally
        {
            foreach (var deployment in ours.Concat(peers))
                deployment.Dispose();
        }
    }

    private static Dictionary<Deployment, List<LoadResult>> Run(Bench bench, List<Deployment> all)
    {
        var results = all.ToDictionary(deployment => deployment, _ => new List<LoadResult>());
        foreach (var deployment in all)
            Run(deployment, WarmSeconds);
        for (var round = 0; round < bench.Rounds(15); round++)
        {
            foreach (var deployment in all)
                results[deployment].Add(Run(deployment, Seconds));
        }

        return results;
    }

    private static LoadResult Run(Deployment deployment, double seconds)
        => new Load(deployment.TokensPath, deployment.Authorization, Keys, 1)
            .Run(deployment.Addresses, () => ProcessorTime.Of(deployment.Processes), seconds);

    private static Row Throughput(Deployment warder, Deployment peer, Dictionary<Deployment, List<LoadResult>> loads)
        => new($"validations/s: {warder.Name} / {peer.Name}", Ratio(loads[warder], loads[peer], result => result.PerSecond))
        {
            Note =
                $"{loads[warder].Select(result => result.PerSecond).Median():N0}/s against"
                    + $" {loads[peer].Select(result => result.PerSecond).Median():N0}/s",
        };

    private static Row ByProcessorTime(Deployment warder, Deployment peer, Dictionary<Deployment, List<LoadResult>> loads)
        => new(
            $"the same by processor time: {warder.Name} / {peer.Name}",
            Ratio(loads[warder], loads[peer], result => 1 / result.CpuMicroseconds))
        {
            Note = $"{loads[warder].Select(result => result.CpuMicroseconds).Median():0.0} µs each against"
                + $" {loads[peer].Select(result => result.CpuMicroseconds).Median():0.0} µs, the store's share included",
        };

    private static double Ratio(List<LoadResult> warder, List<LoadResult> peer, Func<LoadResult, double> figure)
        => warder.Zip(peer, (ours, theirs) => figure(ours) / figure(theirs)).Median();

    private static Row Afterlife(Bench bench, Deployment deployment, Ending ending, double? bar)
    {
        Console.Error.WriteLine($"  {deployment.Name}, {ending.Name} …");
        var lives = new RevocationProbe(deployment).Run(ending, bench.Rounds(210));
        return new Row($"keys allowed after they were {ending.Name}: {deployment.Name}", lives.OutlivedPercent, bar) { Unit = " %",
            Note = lives.Note };
    }
}
