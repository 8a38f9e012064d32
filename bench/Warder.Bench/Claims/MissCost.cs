using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Engine.Verification;
using Warder.Server.Hosting;
using Warder.Server.Verification;
using Warder.Storage.Sqlite;

namespace Warder.Bench.Claims;

/// <summary>
/// A validation whose key is not in memory: one indexed read of a database of a million keys, warm, against one SHA-256 of the token.
/// </summary>
internal sealed class MissCost : Claim
{
    private const int Sample = 2_000;

    public override string Name => "miss";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var database = bench.Database(1_000_000);
        var random = new Random(1);
        var all = File.ReadAllLines(database.TokensPath);
        var tokens = Enumerable.Range(0, Sample).Select(_ => Encoding.ASCII.GetBytes(all[random.Next(all.Length)])).ToArray();
        using var node = Node.Start(SqliteStore.Open(Path.Combine(database.Folder, "warder.db")), Clock.System, Entropy.System);
        for (var warm = 0; warm < 5; warm++)
            _ = (Misses(node, tokens), Hashes(tokens));
        Thread.Sleep(200);
        var ratios = new List<double>();
        var misses = new List<double>();
        for (var round = 0; round < bench.Rounds(15); round++)
        {
            misses.Add(Misses(node, tokens));
            ratios.Add(misses[^1] / Hashes(tokens));
        }

        yield return new Row("a miss (indexed read, warm) / SHA-256", ratios.Median(), 60, 35) { Note = $"{misses.Median() / 1000:0.0} µs" };
    }

    private static double Misses(Node node, byte[][] tokens)
    {
        node.Cache.Flush(node.Cache.Applied);
        node.Cache.Usage.Take();
        var environment = node.Environments[1];
        var start = Stopwatch.GetTimestamp();
        foreach (var token in tokens)
        {
            // As a request does that has one token.
            var misses = default(RequestMisses);
            if (!node.Validator.TryValidate(token, environment, default, 0, ref misses, out var decision) || !decision.Allow)
                throw new InvalidOperationException("A good key was denied.");
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / tokens.Length;
    }

    private static double Hashes(byte[][] tokens)
    {
        Span<byte> digest = stackalloc byte[32];
        var start = Stopwatch.GetTimestamp();
        for (var again = 0; again < 10; again++)
        {
            foreach (var token in tokens)
                SHA256.HashData(token, digest);
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / tokens.Length / 10;
    }
}
