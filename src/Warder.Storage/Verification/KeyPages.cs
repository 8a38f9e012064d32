using Warder.Core.Ids;
using Warder.Core.Verification;

namespace Warder.Storage.Verification;

/// <summary>One secret as it was read, by its digest.</summary>
/// <param name="Digest">SHA-256 of the secret.</param>
/// <param name="Key">All that a validation needs.</param>
public sealed record DigestedKey(byte[] Digest, LoadedKey Key);

/// <summary>Reads every secret of an environment that may work, page by page: for who wants to know them before they are presented.</summary>
public static class KeyPages
{
    private const int Number = 2;
    private const int Digest = 28;

    private const string Select =
        KeyLoader.Columns + ", s.digest FROM (SELECT e.* FROM api_key_secrets e JOIN api_keys a ON a.environment = e.environment AND a.id = e.key_id"
        + " WHERE e.environment = $1 AND (e.key_id, e.number) > ($2, $3) AND e.ended = 0 AND a.state = 0 ORDER BY e.key_id, e.number LIMIT $4) s"
        + KeyLoader.Joins + " ORDER BY s.key_id, s.number, g.position";

    private static readonly string OnSqlite = Dialect.Sqlite.Expand(Select);
    private static readonly string OnPostgres = Dialect.Postgres.Expand(Select);

    /// <summary>The secrets behind one, in the order of keys and numbers. All of a page comes from one snapshot.</summary>
    public static List<DigestedKey> Read(Session session, int environment, (string KeyId, int Number) after, int limit)
    {
        var keys = new List<DigestedKey>();
        using var row = session.Query(session.Dialect == Dialect.Sqlite ? OnSqlite : OnPostgres, environment, after.KeyId, after.Number, limit);
        for (var more = row.Read(); more;)
        {
            var digest = row.Bytes(Digest);
            (var key, more) = KeyLoader.Next(
                row, environment, static (next, key) => next.GetInt32(Number) == key.SecretNumber && Id.Parse(IdKind.ApiKey, next.GetString(1)) == key.Id);
            keys.Add(new DigestedKey(digest, key));
        }

        return keys;
    }
}
