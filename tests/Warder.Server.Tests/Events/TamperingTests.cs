using Warder.Server.Tests.Hosting;
using Warder.Storage;
using Warder.Storage.Events;

namespace Warder.Server.Tests.Events;

/// <summary>
/// Verification finds every alteration of the log that leaves a later row as it was. Each alteration runs in a transaction, is verified,
/// and is rolled back.
/// </summary>
[Trait("database", "sqlite")]
public sealed class TamperingTests
{
    [Fact]
    public async Task One_altered_bit_of_any_event_is_found()
    {
        using var folder = await Log();
        using var session = Open(folder);
        var lengths = session.All("SELECT seq, length(bytes) FROM events", row => (Seq: row.GetInt64(0), Length: row.GetInt32(1)));
        foreach (var (seq, length) in lengths)
        {
            foreach (var place in (int[])[0, 1, length / 3, length / 2, length - 1])
            {
                Found(session, $"event {seq} byte {place}", () =>
                {
                    var bytes = session.First("SELECT bytes FROM events WHERE seq = $1", row => (byte[])row.GetValue(0), seq)!;
                    bytes[place] ^= 1;
                    session.Execute("UPDATE events SET bytes = $1 WHERE seq = $2", bytes, seq);
                });
            }
        }
    }

    [Theory]
    [InlineData("id", "'event_01KZZZZZZZZZZZZZZZZZZZZZZZ'")]
    [InlineData("type", "'api_key.created '")]
    [InlineData("created_at", "created_at + 1")]
    [InlineData("environment", "environment + 1")]
    [InlineData("organization_id", "'org_01KZZZZZZZZZZZZZZZZZZZZZZZ'")]
    [InlineData("organization_id", "CASE WHEN organization_id IS NULL THEN 'org_01KZZZZZZZZZZZZZZZZZZZZZZZ' END")]
    [InlineData("effects", "effects || '0 api_key_01KZZZZZZZZZZZZZZZZZZZZZZZ ' || char(10)")]
    [InlineData("seq", "1000000")]
    public async Task An_altered_column_beside_an_events_bytes_is_found(string column, string value)
    {
        using var folder = await Log();
        using var session = Open(folder);
        foreach (var seq in session.All("SELECT seq FROM events", row => row.GetInt64(0)))
            Found(session, $"{column} of event {seq}", () => session.Execute($"UPDATE events SET {column} = {value} WHERE seq = $1", seq));
    }

    [Fact]
    public async Task A_deleted_or_added_or_exchanged_event_is_found()
    {
        using var folder = await Log();
        using var session = Open(folder);
        var all = session.All("SELECT seq FROM events ORDER BY seq", row => row.GetInt64(0));
        foreach (var seq in all)
        {
            Found(session, $"deleted {seq}", () => session.Execute("DELETE FROM events WHERE seq = $1", seq));
            if (seq == all[^1])
                continue;
            Found(session, $"exchanged {seq}", () => session.Execute(
                "UPDATE events SET bytes = CASE seq WHEN $1 THEN (SELECT bytes FROM events WHERE seq = $1 + 1) ELSE (SELECT bytes FROM"
                    + " events WHERE seq = $1) END"
                + " WHERE seq IN ($1, $1 + 1)", seq));
        }

        foreach (var place in (long[])[0, -5, all[^1] + 1])
        {
            Found(session, $"added at {place}", () => session.Execute(
                "INSERT INTO events SELECT $1, environment, 'event_x', type, organization_id, created_at, effects, bytes FROM events WHERE"
                    + " seq = 1", place));
        }
    }

    [Fact]
    public async Task An_altered_deleted_merged_or_added_batch_and_another_head_are_found()
    {
        using var folder = await Log();
        using var session = Open(folder);
        foreach (var first in session.All("SELECT first_seq FROM event_batches ORDER BY first_seq", row => row.GetInt64(0)))
        {
            Found(session, $"deleted batch {first}", () => session.Execute("DELETE FROM event_batches WHERE first_seq = $1", first));
            Found(
                session, $"count of {first}",
                () => session.Execute("UPDATE event_batches SET count = count + 1 WHERE first_seq = $1", first));
            Found(
                session, $"first of {first}",
                () => session.Execute("UPDATE event_batches SET first_seq = first_seq + 100000 WHERE first_seq = $1", first));
            Found(
                session, $"hash of {first}",
                () => session.Execute("UPDATE event_batches SET hash = zeroblob(32) WHERE first_seq = $1", first));
            Found(session, $"merged {first}", () =>
            {
                session.Execute("UPDATE event_batches SET count = count + 1 WHERE first_seq = $1", first);
                if (session.Execute(
                    "DELETE FROM event_batches WHERE first_seq = (SELECT first_seq + count - 1 FROM event_batches WHERE first_seq = $1)",
                    first) == 0)
                    session.Execute("UPDATE log_head SET seq = seq + 1");
            });
        }

        Found(session, "an empty batch", () => session.Execute("INSERT INTO event_batches SELECT seq + 1, 0, hash FROM log_head"));
        Found(session, "head's number", () => session.Execute("UPDATE log_head SET seq = seq - 1"));
        Found(session, "head's hash", () => session.Execute("UPDATE log_head SET hash = zeroblob(32)"));
        Found(session, "no events at all", () => session.Execute("DELETE FROM events"));
    }

    [Fact]
    public async Task The_last_batch_cannot_be_cut_off_without_the_head()
    {
        using var folder = await Log();
        using var session = Open(folder);
        Found(session, "cut off", () =>
        {
            session.Execute("DELETE FROM events WHERE seq >= (SELECT MAX(first_seq) FROM event_batches)");
            session.Execute("DELETE FROM event_batches WHERE first_seq = (SELECT MAX(first_seq) FROM event_batches)");
        });
    }

    [Theory]
    [InlineData("another value", "UPDATE event_personal_values SET value = value || ' ' WHERE seq = $1 AND digest = $2")]
    [InlineData("another salt", "UPDATE event_personal_values SET salt = zeroblob(16) WHERE seq = $1 AND digest = $2")]
    [InlineData("another digest", "UPDATE event_personal_values SET digest = 'x' || digest WHERE seq = $1 AND digest = $2")]
    [InlineData("moved to another event", "UPDATE event_personal_values SET seq = seq + 1 WHERE seq = $1 AND digest = $2")]
    [InlineData("added to another event",
        "INSERT INTO event_personal_values SELECT seq + 1, digest, subject_id, salt,"
        + " value FROM event_personal_values WHERE seq = $1 AND digest = $2")]
    [InlineData("deleted without an erasure", "DELETE FROM event_personal_values WHERE seq = $1 AND digest = $2")]
    public async Task An_altered_personal_value_is_found(string what, string sql)
    {
        using var folder = await Log();
        using var session = Open(folder);
        var values = session.All("SELECT seq, digest FROM event_personal_values", row => (Seq: row.GetInt64(0), Digest: row.GetString(1)));
        Assert.True(values.Count > 10);
        foreach (var (seq, digest) in values)
            Found(session, $"{what}: {seq}", () => session.Execute(sql, seq, digest));
    }

    [Fact]
    public async Task A_personal_value_forged_together_with_its_salt_and_digest_is_found()
    {
        using var folder = await Log();
        using var session = Open(folder);
        var (seq, digest) = session.First("SELECT seq, digest FROM event_personal_values", row => (row.GetInt64(0), row.GetString(1)));
        var forged = Core.Events.PersonalValue.Seal("mallory@example.com", null, Core.Secrets.Entropy.System);
        Found(session, "forged", () => session.Execute(
            "UPDATE event_personal_values SET digest = $1, salt = $2, value = $3 WHERE seq = $4 AND digest = $5", forged.Digest,
            forged.Salt, forged.Value, seq, digest));
    }

    private static async Task<DataFolder> Log()
    {
        var folder = new DataFolder();
        await using var warder = await RunningWarder.StartAsync(folder);
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        // Some batches of several events.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 16),
            async (i, _) => (await warder.Post($"/organizations/{own.Organization}/api_keys", new { name = $"k{i}" })).Is(201));
        (await warder.Delete("/user_management/users/" + own.User)).Is(204);
        (await warder.Post($"/user_management/users/{own.User}/erase")).Is(200);
        var head = warder.Head;
        var report = warder.VerifyLog();
        Assert.Null(report.Problem);
        Assert.Equal(head, report.Events);
        return folder;
    }

    private static Session Open(DataFolder folder) => Storage.Sqlite.SqliteStore.Open(folder.Database).OpenWriter();

    private static void Found(Session session, string what, Action alter)
    {
        session.Execute("BEGIN IMMEDIATE");
        alter();
        var report = LogVerification.Run(session);
        session.Execute("ROLLBACK");
        Assert.True(report.Problem is not null, $"Not found: {what}");
        Assert.Null(LogVerification.Run(session).Problem);
    }
}
