using Warder.Storage.Journal;
using Warder.Storage.Nodes;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Postgres;

/// <summary>A row describes a node's memory and its replicas.</summary>
public sealed class NodeTableTests : IDisposable
{
    private static readonly EnvironmentScope One = new(1);

    private readonly TestDatabase database = new(Database.Postgres);
    private readonly Session session;

    public NodeTableTests()
    {
        session = database.Open().OpenWriter();
        NodeTable.Register(session, new NodeRegistration(1, "node_1", "n", "0", 60_000, 1), null);
    }

    public void Dispose()
    {
        session.Dispose();
        database.Dispose();
    }

    [Fact]
    public void A_pair_that_arrives_late_changes_nothing()
    {
        Assert.True(NodeTable.Acknowledge(session, 1, new NodeAcks(3, ReplicaAcks.Read("1:2")), "states of 2", number: 2));
        Assert.False(NodeTable.Acknowledge(session, 1, new NodeAcks(2, ReplicaAcks.None), "states of 1", number: 1));
        Assert.False(NodeTable.Acknowledge(session, 1, new NodeAcks(2, ReplicaAcks.None), null, number: 2));
        var acks = NodeTable.Acknowledged(session)[1];
        Assert.Equal(new NodeAcks(3, ReplicaAcks.Read("1:2")), acks);
        Assert.False(acks.Replicas.Have(One, 3));
        Assert.Equal("states of 2", NodeTable.Replicas(session)[1]);
    }

    [Fact]
    public void A_renewal_raises_neither_its_memory_nor_its_replicas()
    {
        Assert.True(NodeTable.Acknowledge(session, 1, new NodeAcks(3, ReplicaAcks.Read("1:2")), null, number: 1));
        Assert.NotNull(NodeTable.Renew(session, 1, applied: 0));
        Assert.Equal(new NodeAcks(3, ReplicaAcks.Read("1:2")), NodeTable.Acknowledged(session)[1]);
        Assert.Equal(2, session.Number("SELECT acked FROM nodes WHERE epoch = 1"));
    }

    [Fact]
    public void An_older_node_reads_one_number_that_covers_memory_and_all_replicas_and_is_read_by_it()
    {
        Assert.True(NodeTable.Acknowledge(session, 1, new NodeAcks(9, ReplicaAcks.Read("1:7 2:4 3")), null, number: 1));
        Assert.Equal(4, session.Number("SELECT acked FROM nodes WHERE epoch = 1"));
        // In the form of an older version's row.
        session.Execute("UPDATE nodes SET acked = 5, applied = NULL, replica_acks = '', ack_number = 0 WHERE epoch = 1");
        Assert.Equal(new NodeAcks(5, ReplicaAcks.None), NodeTable.Acknowledged(session)[1]);
    }

    [Fact]
    public void A_fenced_row_takes_no_pair()
    {
        Assert.True(NodeTable.Fence(session, 1, 1));
        Assert.False(NodeTable.Acknowledge(session, 1, new NodeAcks(9, ReplicaAcks.None), null, number: 1));
        Assert.Empty(NodeTable.Acknowledged(session));
    }
}
