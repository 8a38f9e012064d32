using System.Text;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Sqlite;

namespace Warder.Bench.Data;

/// <summary>
/// Adds organizations and events to a database of keys, directly into the tables: enough to slow a filter that finds nothing.
/// </summary>
internal static class ListData
{
    private const int EventBytes = 700;

    public static void Add(KeyDatabase database, int organizations, int events)
    {
        using var store = SqliteStore.Open(Path.Combine(database.Folder, "warder.db"));
        using var session = store.OpenWriter();
        var now = Clock.System.Now();
        session.Execute("BEGIN");
        for (var i = 0; i < organizations; i++)
        {
            session.Execute(
                "INSERT INTO organizations (environment, id, name, metadata, created_at, updated_at) VALUES (1, $1, $2, '{}', $3, $3)",
                Id.New(IdKind.Organization, now, Entropy.System), new string('a', 190) + i, now.UnixMilliseconds);
        }

        // The chain is not extended: this program does not verify it.
        var head = session.Number("SELECT seq FROM log_head");
        for (var i = 1; i <= events; i++)
        {
            var id = Id.New(IdKind.Event, now, Entropy.System);
            session.Execute(
                "INSERT INTO events (seq, environment, id, type, created_at, effects, bytes) VALUES ($1, 1, $2, 'api_key.created', $3,"
                    + " '', $4)",
                head + i, id, now.UnixMilliseconds,
                Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","padding":"{{new string('x', EventBytes)}}"}"""));
        }

        session.Execute("UPDATE log_head SET seq = seq + $1", events);
        session.Execute("COMMIT");
        session.Number("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
