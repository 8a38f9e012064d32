using Warder.Storage.Postgres;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Postgres;

public sealed class PasswordTests
{
    [Fact]
    public void A_password_that_was_changed_is_read_again_by_the_next_connection()
    {
        using var server = new PostgresServer();
        server.Execute("CREATE ROLE ann LOGIN PASSWORD 'first'");
        server.Execute("CREATE DATABASE warder OWNER ann TEMPLATE template0");
        server.DemandPasswords();
        var current = Connection(server, "first");
        using var store = PostgresStore.Open(current, reread: () => current);
        using (store.OpenWriter())
        {
            // The old connection goes on, and a new one finds the new password.
            ChangePassword(Connection(server, "first"), "second");
            Assert.Throws<Npgsql.PostgresException>(() => store.OpenWriter().Dispose());
            current = Connection(server, "second");
            store.OpenWriter().Dispose();
        }

        current = "not a connection string";
        store.OpenWriter().Dispose();
        Assert.Equal(1, store.Read(static session => session.Number("SELECT 1")));
    }

    private static string Connection(PostgresServer server, string password)
        => server.Connection("warder").Replace("Username=postgres", $"Username=ann;Password={password}", StringComparison.Ordinal);

    private static void ChangePassword(string connection, string password)
    {
        using var owner = new Npgsql.NpgsqlConnection(connection + ";Pooling=false");
        owner.Open();
        using var command = new Npgsql.NpgsqlCommand($"ALTER ROLE ann PASSWORD '{password}'", owner);
        command.ExecuteNonQuery();
    }
}
