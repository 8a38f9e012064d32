using Npgsql;
using Warder.Storage.Postgres;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Postgres;

/// <summary>Nodes that start at the same time create one schema together, even if one of them fails.</summary>
public sealed class MigrationTests
{
    [Fact]
    public async Task Eight_nodes_that_start_at_once_on_an_empty_database_all_start()
    {
        var connection = PostgresServer.Shared.CreateDatabase();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var store = PostgresStore.Open(connection);
            Assert.Equal(0, store.Read(Log.Head).Sequence);
        })));
        using var last = PostgresStore.Open(connection);
        Assert.Equal(0, last.Read(session => session.Number("SELECT MAX(version) - COUNT(*) FROM schema_versions")));
    }

    [Theory]
    [InlineData("-- readable-from: 13\n-- Adds a table.\nCREATE TABLE a (id INTEGER);\n", 13)]
    [InlineData("-- Adds a table.\n-- readable-from: 9\nCREATE TABLE a (id INTEGER);\n", 9)]
    [InlineData("-- A migration with the line -- readable-from: 9 only adds.\nCREATE TABLE a (id INTEGER);\n", null)]
    public void A_migration_names_the_oldest_version_that_can_use_the_database_after_it(string sql, int? oldest)
        => Assert.Equal(oldest, Migrator.ReadableFromOf(sql));

    [Fact]
    public async Task A_node_that_is_killed_in_the_middle_of_a_migration_leaves_nothing_and_the_next_one_makes_it()
    {
        var connection = PostgresServer.Shared.CreateDatabase();
        await using var other = new NpgsqlConnection(connection + ";Pooling=false");
        await other.OpenAsync();
        // Another session is creating one of the tables: the migration stops there.
        await Run(other, "BEGIN; CREATE TABLE roles (id INTEGER)");
        var killed = Task.Run(() => PostgresStore.Open(connection));
        while (await Run(
            other, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0)
        {
            // The migration waits. PostgreSQL caches its statistics in a transaction, until the snapshot is cleared.
            await Run(other, "SELECT pg_stat_clear_snapshot()");
        }

        await Run(
            other,
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type ="
                + " 'Lock'");
        await Assert.ThrowsAsync<StorageException>(() => killed);
        await Run(other, "ROLLBACK");
        Assert.Equal(0, await Run(other, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"));

        using var store = PostgresStore.Open(connection);
        Assert.Equal(0, store.Read(Log.Head).Sequence);
    }

    [Fact]
    public void A_role_that_may_not_change_the_schema_runs_on_one_that_is_up_to_date()
    {
        var connection = PostgresServer.Shared.CreateDatabase();
        PostgresStore.Open(connection).Dispose();
        var database = new NpgsqlConnectionStringBuilder(connection).Database!;
        PostgresServer.Shared.Execute(
            $"CREATE ROLE {database}_app LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {database}_app",
            database);
        using var store = PostgresStore.Open(
            new NpgsqlConnectionStringBuilder(connection) { Username = database + "_app" }.ConnectionString);
        Assert.Equal(0, store.Read(Log.Head).Sequence);
        using var writer = store.OpenWriter();
        Assert.Equal(1, writer.Execute("UPDATE log_head SET seq = seq"));
    }

    private static async Task<long> Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }
}
