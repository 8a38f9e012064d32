using Warder.Storage.Postgres;
using Warder.Storage.Sqlite;

namespace Warder.Storage.Tests.Databases;

/// <summary>Creates a database for one test, and opens stores on it: one for each node.</summary>
internal sealed class TestDatabase : IDisposable
{
    // With the schema, so that a test's own database is a copy of files.
    private static readonly Lazy<string> Template = new(MakeTemplate);

    private readonly string? directory;
    private readonly List<Store> stores = [];

    public TestDatabase(Database kind, PostgresServer? server = null)
    {
        if (kind == Database.Sqlite)
            directory = System.IO.Directory.CreateTempSubdirectory("warder-test-").FullName;
        Connection = directory is not null ? Path.Combine(directory, "warder.db")
            : server is null ? PostgresServer.Shared.CreateDatabase(Template.Value) : server.CreateDatabase();
    }

    /// <summary>The file, or the connection string.</summary>
    public string Connection { get; }

    /// <summary>Opens a store, which is disposed with this.</summary>
    /// <param name="commitPatience">For PostgreSQL: the longest time of a commit.</param>
    public Store Open(TimeSpan? commitPatience = null)
    {
        Store store = directory is null ? PostgresStore.Open(Connection, commitPatience) : SqliteStore.Open(Connection);
        stores.Add(store);
        return store;
    }

    public void Dispose()
    {
        foreach (var store in stores)
            store.Dispose();
        if (directory is not null)
            System.IO.Directory.Delete(directory, recursive: true);
    }

    private static string MakeTemplate()
    {
        const string name = "warder_template";
        PostgresServer.Shared.Execute($"CREATE DATABASE {name} TEMPLATE template0");
        PostgresStore.Open(PostgresServer.Shared.Connection(name)).Dispose();
        return name;
    }
}
