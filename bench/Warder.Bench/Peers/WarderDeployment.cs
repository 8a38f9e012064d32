using Warder.Bench.Data;
using Warder.Bench.Http;

namespace Warder.Bench.Peers;

/// <summary>Warder, beside its peers.</summary>
internal static class WarderDeployment
{
    /// <summary>One <c>warder serve</c> on SQLite.</summary>
    public static Deployment OnSqlite(KeyDatabase database)
    {
        var server = new WarderProcess(database.Folder);
        server.FirstAnswer(HttpText.Request("GET", "/health/ready", database.Authorization, ""));
        return Of("Warder", database, [server]);
    }

    private static Deployment Of(string name, KeyDatabase database, IReadOnlyList<WarderProcess> nodes)
    {
        var organization = File.ReadLines(database.OrganizationIdsPath).First();
        byte[] Call(string method, string path, string body) => HttpText.Request(method, path, database.Authorization, body);
        return new Deployment
        {
            Name = name,
            Addresses = [.. nodes.Select(node => node.Address)],
            Processes = [.. nodes.Select(node => node.ProcessId)],
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
    }
}
