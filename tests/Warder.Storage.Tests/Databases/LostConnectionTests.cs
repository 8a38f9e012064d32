using Npgsql;

namespace Warder.Storage.Tests.Databases;

/// <summary>Readers get an error of their own when the database closes their connections, as it does in a crash or a restart.</summary>
public sealed class LostConnectionTests
{
    [Fact]
    public void A_snapshot_on_a_connection_that_had_been_idle_is_read_again_on_another()
    {
        using var database = new TestDatabase(Database.Postgres);
        var store = database.Open();
        store.Read(Log.Head);
        var attempts = 0;
        var head = store.ReadSnapshot(session =>
        {
            if (attempts++ == 0)
                CloseConnections(database);
            return Log.Head(session);
        });
        Assert.Equal(2, attempts);
        Assert.Equal(0, head.Sequence);
    }

    [Fact]
    public void A_snapshot_on_a_connection_that_is_lost_at_once_says_that_the_database_cannot_be_used()
    {
        using var database = new TestDatabase(Database.Postgres);
        var store = database.Open();
        var refused = Assert.Throws<StorageException>(() => store.ReadSnapshot(session =>
        {
            CloseConnections(database);
            return Log.Head(session);
        }));
        Assert.Equal(StorageFaultKind.Unavailable, refused.Kind);
    }

    private static void CloseConnections(TestDatabase database)
    {
        var name = new NpgsqlConnectionStringBuilder(database.Connection).Database;
        PostgresServer.Shared.Execute($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'");
    }
}
