using Warder.Bench.Data;
using Warder.Bench.Http;

namespace Warder.Bench.Peers;

/// <summary>Runs Warder, for the comparison with its peers.</summary>
internal static class WarderDeployment
{
    private const int Nodes = 2;

    /// <summary>One <c>warder serve</c> on SQLite.</summary>
    public static Deployment OnSqlite(KeyDatabase database)
        => Of("Warder, one node on SQLite", database, [new WarderProcess(database.Folder)]);

    /// <summary>Two nodes over one PostgreSQL.</summary>
    public static Deployment OnPostgres(Bench bench, int keys, PostgresServer postgres)
    {
        // Written into the embedded database and moved from there, as an operator that has outgrown it does.
        var database = KeyDatabase.Create(bench.NewFolder("moved"), keys);
        var target = postgres.NewDatabase("warder");
        Tool.Run(WarderProcess.Command(target, "migrate-data", "--data", database.Folder));
        var rootKey = Path.Combine(database.Folder, "root-key");
        return Of("Warder, two nodes on PostgreSQL", database, [.. Enumerable.Range(1, Nodes).Select(node => new WarderProcess(
            bench.NewFolder("node"), target, "--root-key", rootKey, "--node-name", $"bench-{node}"))], postgres);
    }

    private static Deployment Of(string name, KeyDatabase database, IReadOnlyList<WarderProcess> nodes, PostgresServer? postgres = null)
    {
        var organization = File.ReadLines(database.OrganizationIdsPath).First();
        byte[] Call(string method, string path, string body) => HttpText.Request(method, path, database.Authorization, body);
        var deployment = new Deployment
        {
            Name = name,
            Addresses = [.. nodes.Select(node => node.Address)],
            Processes = [.. nodes.Select(node => node.ProcessId), .. postgres is null ? Array.Empty<int>() : [postgres.ProcessId]],
            TokensPath = database.TokensPath,
            Authorization = database.Authorization,
            AllowMark = "\"allow\":true"u8.ToArray(),
            Issue = Call("POST", $"/organizations/{organization}/api_keys", """{"name":"To be revoked"}"""),
            Endings =
            [
                new Ending("revoked", id => Call("POST", $"/api_keys/{id}/revoke", "{}")),
                new Ending("deleted", id => Call("DELETE", $"/api_keys/{id}", "")),
                new Ending("suspended", id => Call("POST", $"/api_keys/{id}/suspend", "{}")),
            ],
            Parts = nodes,
        };
        try
        {
            foreach (var node in nodes)
                Warm(node, database);
            return deployment;
        }
        catch
        {
            deployment.Dispose();
            throw;
        }
    }

    // Answers from memory are measured with the keys in memory.
    private static void Warm(WarderProcess node, KeyDatabase database)
    {
        node.FirstAnswer(HttpText.Request("GET", "/health/ready", database.Authorization, ""));
        using var connection = new Connection(node.Address);
        foreach (var token in File.ReadLines(database.TokensPath))
            HttpText.BodyOf(connection.Exchange(HttpText.Validation(database.Authorization, token)));
    }
}
