using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Warder.Bench.Http;
using Warder.Bench.Replicas;

namespace Warder.Bench.Peers;

/// <summary>Runs Better Auth's API keys: two instances over one store. Its settings are in <c>bench/peers/better-auth</c>.</summary>
internal static class BetterAuth
{
    private const int Instances = 2;
    private static readonly NodePackage Package = new("better-auth");

    /// <summary>Its storage modes, with their names in the table.</summary>
    public static IReadOnlyList<(string Mode, string Name)> Modes { get; } =
    [
        ("redis", "better-auth on Redis"), ("redis-postgres", "better-auth on Redis with fallback to PostgreSQL"),
        ("postgres", "better-auth on PostgreSQL"),
    ];

    /// <summary>Installs the packages of the lock file, unless that was done.</summary>
    public static void Install() => Package.Install();

    /// <summary>Starts it in one of its modes, with that many keys.</summary>
    public static Deployment Start(Bench bench, (string Mode, string Name) what, int keys, PostgresServer postgres, RedisServer redis)
    {
        var database = postgres.NewDatabase($"better-auth-{what.Mode}");
        var tokensPath = Path.Combine(bench.Folder, $"better-auth-{what.Mode}-tokens");
        File.WriteAllText(tokensPath, Tool.Run(Script("prepare.mjs", database, redis, what.Mode, keys.ToString())));
        var nodes = Task.WhenAll(
            Enumerable.Range(0, Instances).Select(_ => Task.Run(() => new ServerProcess(Script("server.mjs", database, redis, what.Mode)))))
            .GetAwaiter().GetResult();
        static Ending Ending(string name, string path) => new(name, id => HttpText.Request("POST", path, "none", $$"""{"id":"{{id}}"}"""));
        return new Deployment
        {
            Name = what.Name,
            Addresses = [.. nodes.Select(node => node.Address)],
            Processes = [.. nodes.Select(node => node.ProcessId), postgres.ProcessId, redis.ProcessId],
            TokensPath = tokensPath,
            Authorization = "none",
            AllowMark = "\"valid\":true"u8.ToArray(),
            Issue = HttpText.Request("POST", "/api_keys", "none", "{}"),
            Endings = [Ending("deleted", "/api_keys/delete"), Ending("disabled", "/api_keys/disable")],
            Parts = nodes,
        };
    }

    /// <summary>Measures one of its validations inside the process that keeps the keys.</summary>
    public static SerialLoad MeasureInProcess(int keys, double seconds)
    {
        var start = Package.Script(
            "in-process.mjs", keys.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture));
        start.Environment["NODE_ENV"] = "production";
        using var answer = JsonDocument.Parse(Tool.Run(start));
        return new SerialLoad(
            answer.RootElement.GetProperty("p50").GetDouble() / 1_000, answer.RootElement.GetProperty("perSecond").GetDouble());
    }

    private static ProcessStartInfo Script(string file, string database, RedisServer redis, params string[] arguments)
    {
        var start = Package.Script(file, arguments);
        start.Environment["NODE_ENV"] = "production";
        start.Environment["POSTGRES_URL"] = database;
        start.Environment["REDIS_URL"] = redis.Url;
        return start;
    }
}
