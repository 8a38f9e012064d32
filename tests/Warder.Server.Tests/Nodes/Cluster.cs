using Warder.Server.Tests.Hosting;
using Warder.Storage.Tests.Databases;

namespace Warder.Server.Tests.Nodes;

/// <summary>Runs several nodes, each a process, over a PostgreSQL database of their own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>Half the usual lease: short enough to wait for, long enough for a busy machine.</summary>
    public const int LeaseMilliseconds = 1_000;

    private readonly List<DataFolder> folders = [];
    private readonly List<WarderProcess> nodes = [];
    private readonly string database;
    private readonly int leaseMilliseconds;
    private string? key;

    private Cluster(int leaseMilliseconds)
    {
        this.leaseMilliseconds = leaseMilliseconds;
        Postgres = new PostgresServer();
        database = Postgres.CreateDatabase();
        Name = database[(database.LastIndexOf('=') + 1)..];
    }

    public PostgresServer Postgres { get; }

    /// <summary>The database's name.</summary>
    public string Name { get; }

    /// <summary>The first management key.</summary>
    public string Key => key!;

    public WarderProcess this[int node] => nodes[node];

    public static async Task<Cluster> StartAsync(int nodes, int leaseMilliseconds = LeaseMilliseconds)
    {
        var cluster = new Cluster(leaseMilliseconds);
        for (var i = 0; i < nodes; i++)
            await cluster.AddAsync();
        return cluster;
    }

    /// <summary>Starts another node, and returns its index.</summary>
    public async Task<int> AddAsync()
    {
        var folder = new DataFolder();
        folders.Add(folder);
        var options = $"--lease-milliseconds {leaseMilliseconds} --node-name node-{nodes.Count} --root-key '{folders[0].RootKey}'";
        var node = await WarderProcess.StartAsync(folder, options: options, database: database);
        Assert.True(node.Listens, node.Errors);
        nodes.Add(node);
        key ??= (await File.ReadAllTextAsync(folder.ManagementKey)).Trim();
        return nodes.Count - 1;
    }

    public Task<Reply> Get(int node, string path) => Send(node, "GET", path, null);

    public Task<Reply> Post(int node, string path, object? body = null) => Send(node, "POST", path, body ?? new { });

    /// <summary>Issues an organization's key through the first node.</summary>
    public async Task<(string Id, string Value)> Issue()
    {
        var organization = (await Post(0, "/organizations", new { name = "o" })).Is(201).Id;
        var made = (await Post(0, $"/organizations/{organization}/api_keys", new { name = "k" })).Is(201);
        return (made.Id, made.Value);
    }

    /// <summary>Validates a key at a node; returns the decision's code, or the code of a refusal to decide.</summary>
    public async Task<string> Decide(int node, string value)
    {
        var reply = await Post(node, "/api_keys/validations", new { value });
        return reply.Status == 200
            ? reply.Json.GetProperty("decision").GetProperty("code").GetString()!
            : reply.Json.GetProperty("code").GetString()!;
    }

    private async Task<Reply> Send(int node, string method, string path, object? body)
    {
        var reply = await this[node].Send(method, path, body, Key);
        // In every state of the node and its database, the answer has one of these statuses.
        Assert.True(reply.Status != 500, this[node].Log);
        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            await node.DisposeAsync();
        folders.ForEach(static folder => folder.Dispose());
        Postgres.Dispose();
    }
}
