using Warder.Storage.Postgres;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Postgres;

/// <summary>An unusable database is refused with the fault and its place; never with a password.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("postgresql://ann:s%40cret@db.example.com:5433/warder?sslmode=verify-full&sslrootcert=/etc/ca.pem", "db.example.com:5433",
        "ann", "s@cret", "warder")]
    [InlineData("postgres://ann:secret@one:5432,two:5433/warder", "one:5432,two:5433", "ann", "secret", "warder")]
    [InlineData("postgresql://ann@[::1]:5432/warder", "[::1]:5432", "ann", null, "warder")]
    [InlineData("Host=db;Port=5433;Username=ann;Password=secret;Database=warder", "db", "ann", "secret", "warder")]
    public void A_connection_string_is_a_URI_or_a_list_of_settings(string text, string host, string user, string? password, string database)
    {
        var settings = ConnectionText.Parse(text);
        Assert.Equal((host, user, password, database), (settings.Host, settings.Username, settings.Password, settings.Database));
        if (text.Contains("sslmode", StringComparison.Ordinal))
            Assert.Equal((Npgsql.SslMode.VerifyFull, "/etc/ca.pem"), (settings.SslMode, settings.RootCertificate));
    }

    [Theory]
    [InlineData("postgresql://ann:hunter2@db")]
    [InlineData("postgresql://db:5432/hunter2")]
    [InlineData("postgresql://ann:hunter2@:5432/warder")]
    [InlineData("postgresql://ann:hunter2@db:port/warder")]
    [InlineData("postgresql://ann:hunter2@db/warder?sslmode=hunter2")]
    [InlineData("postgresql://ann:hunter2@db/warder?pool=9")]
    [InlineData("ann:hunter2@db")]
    [InlineData("Host=db;Username=ann;Password=hunter2;Databse=warder")]
    [InlineData("hunter2")]
    public void What_is_no_connection_string_is_refused_without_being_repeated(string text)
    {
        var refused = Assert.Throws<ArgumentException>(() => ConnectionText.Parse(text));
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("postgresql://user:password@host:5432/database", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_and_a_database_that_is_not_there_are_named()
    {
        Refused("Host=127.0.0.1;Port=1;Username=ann;Password=hunter2;Database=warder", "warder on 127.0.0.1:1", "cannot be reached");
        Refused(
            PostgresServer.Shared.Connection("nowhere") + ";Password=hunter2", "There is no database nowhere", "CREATE DATABASE nowhere");
    }

    [Theory]
    [InlineData("default_transaction_read_only = on", "read-only")]
    [InlineData("synchronous_commit = off", "synchronous_commit off")]
    public void A_database_that_could_not_keep_what_it_acknowledges_is_refused(string setting, string why)
    {
        var connection = PostgresServer.Shared.CreateDatabase();
        var name = new Npgsql.NpgsqlConnectionStringBuilder(connection).Database!;
        PostgresServer.Shared.Execute($"ALTER DATABASE {name} SET {setting}");
        Refused(connection + ";Password=hunter2", why, name);
    }

    [Fact]
    public void A_database_of_another_encoding_is_refused()
    {
        PostgresServer.Shared.Execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
        Refused(PostgresServer.Shared.Connection("latin"), "LATIN1", "ENCODING 'UTF8'");
    }

    [Fact]
    public void A_wrong_password_is_told_without_either()
    {
        using var server = new PostgresServer();
        server.Execute("CREATE ROLE ann LOGIN PASSWORD 'right'");
        server.DemandPasswords();
        Refused(
            server.Connection("postgres").Replace("Username=postgres", "Username=ann;Password=hunter2", StringComparison.Ordinal),
            "pg_hba.conf");
    }

    private static void Refused(string connection, params string[] parts)
    {
        var refused = Assert.Throws<StorageException>(() => PostgresStore.Open(connection));
        Assert.Equal(StorageFaultKind.Unavailable, refused.Kind);
        Assert.All(parts, text => Assert.Contains(text, refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }
}
