using Warder.Bench.Http;
using Warder.Bench.Peers;

namespace Warder.Bench.Claims;

/// <summary>
/// Warder beside Better Auth's API keys, by the same load and the same probe: validations a second, and what becomes of a key that is in use while it is
/// ended. Rounds alternate between the systems; each has the whole machine but for what the load takes.
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
        using var postgres = new PostgresServer();
        using var redis = new RedisServer(bench);
        using var warder = WarderDeployment.OnSqlite(bench.Database(Keys));
        var peers = BetterAuth.Modes.Select(mode => BetterAuth.Start(bench, mode, Keys, postgres, redis)).ToList();
        try
        {
            Deployment[] all = [warder, .. peers];
            Console.Error.WriteLine($"  load by {Load.Generator}");
            var loads = Run(bench, all);
            foreach (var peer in peers)
            {
                yield return Throughput(peer.Name, loads[warder], loads[peer]);
                yield return ByProcessorTime(peer.Name, loads[warder], loads[peer]);
            }

            foreach (var deployment in all)
            {
                foreach (var ending in deployment.Endings)
                {
                    Console.Error.WriteLine($"  {deployment.Name}, {ending.Name} …");
                    var lives = new RevocationProbe(deployment).Run(ending, bench.Rounds(210));
                    yield return new Row($"keys allowed after they were {ending.Name}: {deployment.Name}", lives.OutlivedPercent, deployment == warder ? 0 : null)
                    {
                        Unit = " %", Note = lives.Note,
                    };
                }
            }
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
        }
    }

    private static Dictionary<Deployment, List<LoadResult>> Run(Bench bench, Deployment[] all)
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
        => new Load(deployment.TokensPath, deployment.Authorization, Keys, 1).Run(deployment.Addresses, () => ProcessorTime.Of(deployment.Processes), seconds);

    private static Row Throughput(string peer, List<LoadResult> warder, List<LoadResult> other)
        => new($"validations/s / {peer}", warder.Zip(other, (ours, theirs) => ours.PerSecond / theirs.PerSecond).Median())
        {
            Note = $"{warder.Select(result => result.PerSecond).Median():N0}/s against {other.Select(result => result.PerSecond).Median():N0}/s",
        };

    private static Row ByProcessorTime(string peer, List<LoadResult> warder, List<LoadResult> other)
        => new($"validations a second of processor time / {peer}", warder.Zip(other, (ours, theirs) => theirs.CpuMicroseconds / ours.CpuMicroseconds).Median())
        {
            Note = $"{warder.Select(result => result.CpuMicroseconds).Median():0.0} µs each against {other.Select(result => result.CpuMicroseconds).Median():0.0} µs,"
                + " the store's share included",
        };
}
