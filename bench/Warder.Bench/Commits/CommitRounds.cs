using System.Diagnostics;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;

namespace Warder.Bench.Commits;

/// <summary>
/// The measurement of commits, in a process of its own so that the disk can be made slower under it. Prints one line a round:
/// bare commits, creations and revocations a second, and the processor time of one of the latter two; or, of one caller, the p50 and p99 of
/// a bare commit and of a revocation, in microseconds.
/// </summary>
internal static class CommitRounds
{
    private const int Callers = 64;
    private const int WarmOperations = 20_000;
    private const double Seconds = 0.4;

    /// <summary>Arguments: <c>throughput|latency</c>, the data directory of keys, a folder for the bare commits, rounds.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var database = arguments[1];
        await using var host = await WarderHost.StartAsync(new ServeOptions { DataDirectory = database, Listen = "http://127.0.0.1:0" });
        using var bare = new BareCommits(arguments[2]);
        var operations = new Operations(host.Node, "Bearer " + File.ReadAllText(Path.Combine(database, "management-key")).Trim());
        var organizations = File.ReadAllLines(Path.Combine(database, "organization-ids"));
        var keys = new Queue<string>(File.ReadAllLines(Path.Combine(database, "key-ids")));
        var rounds = int.Parse(arguments[3]);
        if (arguments[0] == "throughput")
            await Throughput(bare, operations, organizations, keys, rounds);
        else
            await Latency(bare, operations, keys, rounds);
        return 0;
    }

    private static async Task Throughput(BareCommits bare, Operations operations, string[] organizations, Queue<string> keys, int rounds)
    {
        // Code is compiled anew as its use is known: what is measured is what a server runs after its first minute.
        for (var warm = 0; warm < WarmOperations; warm += Callers)
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => operations.Issue(organizations[i % organizations.Length])));
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => operations.Revoke(keys.Dequeue())));
        }

        for (var round = -1; round < rounds; round++)
        {
            var commits = Bare(bare);
            var creations = await Together(i => operations.Issue(organizations[i % organizations.Length]));
            var revocations = await Together(_ => keys.TryDequeue(out var key) ? operations.Revoke(key) : throw new InvalidOperationException("Too few keys."));
            if (round >= 0)
                Console.WriteLine($"{commits} {creations.PerSecond} {revocations.PerSecond} {creations.CpuMicroseconds} {revocations.CpuMicroseconds}");
        }
    }

    private static double Bare(BareCommits bare)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds; count++)
        {
            bare.Commit();
            bare.CheckpointNowAndThen();
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<(double PerSecond, double CpuMicroseconds)> Together(Func<int, Task> operation)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        var gate = new Lock();

        async Task Caller()
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds)
            {
                Task running;
                lock (gate)
                    running = operation(count++);
                await running;
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(Caller)));
        return (count / Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count);
    }

    private static async Task Latency(BareCommits bare, Operations operations, Queue<string> keys, int rounds)
    {
        const int samples = 1_000;
        for (var round = -1; round < rounds; round++)
        {
            // One of each in turn: what disturbs the machine disturbs both.
            var commits = new double[samples];
            var revocations = new double[samples];
            for (var i = 0; i < samples; i++)
            {
                var start = Stopwatch.GetTimestamp();
                bare.Commit();
                commits[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                bare.CheckpointNowAndThen();
                start = Stopwatch.GetTimestamp();
                await operations.Revoke(keys.Dequeue());
                revocations[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }

            if (round >= 0)
                Console.WriteLine($"{commits.Quantile(0.5)} {commits.Quantile(0.99)} {revocations.Quantile(0.5)} {revocations.Quantile(0.99)}");
        }
    }
}
