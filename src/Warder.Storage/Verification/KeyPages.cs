using Warder.Core.Ids;
using Warder.Core.Verification;

namespace Warder.Storage.Verification;

/// <summary>One secret as it was read, by its digest.</summary>
/// <param name="Digest">SHA-256 of the secret.</param>
/// <param name="Key">All that a validation needs.</param>
public sealed record DigestedKey(byte[] Digest, LoadedKey Key);

/// <summary>
/// Reads every secret of an environment that may work, page by page: for a preload.
/// </summary>
public static class KeyPages
{
    private const int Digest = 29;
    private const int MostExamined = 50_000;

    private const string Edge =
        "SELECT key_id, number FROM api_key_secrets WHERE environment = $1 AND (key_id, number) > ($2, $3)"
        + " ORDER BY key_id, number LIMIT 1 OFFSET $4";

    private const string Select =
        KeyLoader.Columns + ", s.digest FROM (SELECT e.* FROM api_key_secrets e"
        + " JOIN api_keys a ON a.environment = e.environment AND a.id = e.key_id"
        + " WHERE e.environment = $1 AND (e.key_id, e.number) > ($2, $3) AND (e.key_id, e.number) <= ($4, $5)"
        + " AND e.ended = 0 AND a.state = 0"
        + " ORDER BY e.key_id, e.number LIMIT $6) s"
        + KeyLoader.Joins + " ORDER BY s.key_id, s.number, g.position";

    // Behind every id.
    private static readonly (string KeyId, int Number) End = ("~", 0);
    private static readonly string OnSqlite = Dialect.Sqlite.Expand(Select);
    private static readonly string OnPostgres = Dialect.Postgres.Expand(Select);

    /// <summary>
    /// Reads the secrets after one, in the order of keys and numbers, and the place of the next page. All of a page comes from one
    /// snapshot.
    /// </summary>
    /// <param name="session">Any session.</param>
    /// <param name="environment">The environment's number.</param>
    /// <param name="after">The key and the number before the page.</param>
    /// <param name="limit">The greatest number of secrets. A page is shorter where most of the examined secrets have ended.</param>
    /// <param name="examined">The greatest number of examined secrets.</param>
    /// <returns>The secrets, and the place of the next page; null at the end.</returns>
    public static (List<DigestedKey> Keys, (string KeyId, int Number)? Next) Read(
        Session session, int environment, (string KeyId, int Number) after, int limit, int examined = MostExamined)
    {
        var edge = session.All(
            Edge, static row => (row.GetString(0), row.GetInt32(1)), environment, after.KeyId, after.Number, examined - 1);
        var (lastKey, lastNumber) = edge is [var found] ? found : End;
        var keys = new List<DigestedKey>();
        using var row = session.Query(
            session.Dialect == Dialect.Sqlite ? OnSqlite : OnPostgres, environment, after.KeyId, after.Number, lastKey, lastNumber, limit);
        for (var more = row.Read(); more;)
        {
            var digest = row.Bytes(Digest);
            (var key, more) = KeyLoader.Next(row, environment, KeyLoader.IsSameSecret);
            keys.Add(new DigestedKey(digest, key));
        }

        if (keys.Count == limit)
            return (keys, (Id.Format(IdKind.ApiKey, keys[^1].Key.Id), keys[^1].Key.SecretNumber));
        return (keys, edge is [var next] ? next : null);
    }
}
