using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Nodes;

namespace Warder.Client.Nodes;

/// <summary>The server nodes over one database. Needs <c>environments:read</c>.</summary>
public sealed class NodesClient
{
    private readonly Connection connection;

    internal NodesClient(Connection connection) => this.connection = connection;

    /// <summary>
    /// The newest registrations of nodes, 100 at most, and the replicas in the management key's environment that follow the node that
    /// answers.
    /// </summary>
    public Task<ListPage<Node>> ListAsync(CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get("nodes"), WarderJson.Wire.ListPageNode, cancellationToken);
}
