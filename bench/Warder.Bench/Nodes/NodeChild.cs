using System.Diagnostics;
using Npgsql;
using Warder.Bench.Commits;
using Warder.Bench.Data;
using Warder.Core.Secrets;
using Warder.Engine.Hosting;
using Warder.Engine.Verification;
using Warder.Server.Hosting;
using Warder.Server.Verification;

namespace Warder.Bench.Nodes;

/// <summary>
/// Runs one of several nodes in a process of its own, and measures the operations that its parent names. Only HTTP is left out: each
/// operation begins with a parsed request. It reads one command a line and answers each with one line.
/// </summary>
internal sealed class NodeChild
{
    /// <summary>What an answer begins with; other lines are the node's log.</summary>
    public const string Answer = "measured ";

    private const int WarmValidations = 200_000;

    private readonly Operations operations;
    private readonly Node node;
    private readonly Queue<string> keys;
    private readonly string[] tokens;
    private readonly NpgsqlConnection bare;

    private NodeChild(Node node, Operations operations, Queue<string> keys, string[] tokens, NpgsqlConnection bare)
        => (this.node, this.operations, this.keys, this.tokens, this.bare) = (node, operations, keys, tokens, bare);

    /// <summary>
    /// Arguments: the folder of the keys, how to connect, the node's own folder, and which part of the keys is its own to revoke.
    /// </summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (database, connection) = (KeyDatabase.At(arguments[0]), arguments[1]);
        await using var host = await WarderHost.StartAsync(new ServeOptions
        {
            DataDirectory = arguments[2],
            Database = new SecretString(connection),
            RootKeyPath = Path.Combine(database.Folder, "root-key"),
            Listen = "http://127.0.0.1:0",
        });
        var (part, parts) = (int.Parse(arguments[3]), int.Parse(arguments[4]));
        var own = File.ReadLines(database.KeyIdsPath).Where((_, i) => i % parts == part);
        await using var bare = new NpgsqlConnection(Storage.Postgres.ConnectionText.Parse(connection).ConnectionString);
        await bare.OpenAsync();
        await using (var table = new NpgsqlCommand("CREATE TABLE IF NOT EXISTS bare (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, value TEXT NOT NULL)", bare))
            await table.ExecuteNonQueryAsync();
        var child = new NodeChild(host.Node, new Operations(host.Node, database.Authorization), new Queue<string>(own), File.ReadAllLines(database.TokensPath), bare);
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
            Console.WriteLine(Answer + string.Join(' ', await child.Do(line.Split(' '))));
        return 0;
    }

    private async Task<double[]> Do(string[] command) => command[0] switch
    {
        "latency" => await Latency(int.Parse(command[1])),
        "revoke" => await Throughput(int.Parse(command[1]), double.Parse(command[2])),
        "validate" => Validate(int.Parse(command[1]), double.Parse(command[2])),
        _ => throw new ArgumentException(command[0]),
    };

    // A bare commit and a revocation in turn, so that what disturbs one disturbs the other: p50 and p99 of each, in microseconds, and the
    // longest revocation.
    private async Task<double[]> Latency(int samples)
    {
        var (commits, revocations) = (new double[samples], new double[samples]);
        await using var commit = new NpgsqlCommand("INSERT INTO bare (value) VALUES ('a hundred bytes, as a row that a change writes would have them, more or less, and no more.')", bare);
        await commit.PrepareAsync();
        for (var i = 0; i < samples; i++)
        {
            var start = Stopwatch.GetTimestamp();
            commit.ExecuteNonQuery();
            commits[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            start = Stopwatch.GetTimestamp();
            await operations.Revoke(keys.Dequeue());
            revocations[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return [commits.Quantile(0.5), commits.Quantile(0.99), revocations.Quantile(0.5), revocations.Quantile(0.99), revocations.Max()];
    }

    private async Task<double[]> Throughput(int callers, double seconds)
    {
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        var gate = new Lock();
        async Task Caller()
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                Task running;
                lock (gate)
                {
                    running = operations.Revoke(keys.Dequeue());
                    count++;
                }

                await running;
            }
        }

        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(Caller)));
        return [count / Stopwatch.GetElapsedTime(start).TotalSeconds];
    }

    // Validations of cached keys by one thread, the lease asked each time.
    private double[] Validate(int among, double seconds)
    {
        var values = tokens.TakeLast(among).Select(System.Text.Encoding.ASCII.GetBytes).ToArray();
        var environment = node.Environments.All.First();
        var place = 0;
        for (var i = 0; i < WarmValidations; i++)
            node.Validator.Validate(values[place = (place + 1) % values.Length], environment, default);
        var start = Stopwatch.GetTimestamp();
        var count = 0L;
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; count += 1_000)
        {
            for (var i = 0; i < 1_000; i++)
                node.Validator.Validate(values[place = (place + 1) % values.Length], environment, default);
        }

        return [count / Stopwatch.GetElapsedTime(start).TotalSeconds];
    }
}
