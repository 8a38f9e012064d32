using System.Data.Common;
using Warder.Core.Receipts;
using Warder.Core.Time;
using Warder.Storage.Secrets;

namespace Warder.Storage.Receipts;

/// <summary>The stored row of a signing key, current or former.</summary>
/// <param name="Key">The public half.</param>
/// <param name="CreatedAt">The time of its creation.</param>
/// <param name="Sealed">The private half, sealed under the root key; null for a former signing key.</param>
public sealed record SigningKeyRow(VerificationKey Key, Instant CreatedAt, byte[]? Sealed);

/// <summary>The table <c>signing_keys</c>.</summary>
public static class SigningKeyTable
{
    internal static MacTable Rows { get; } = new("signing_keys", "number, id, x, y, created_at", "number", "id");

    private static readonly string Select =
        $"SELECT {Rows.Of("k")}, s.sealed FROM signing_keys k"
        + " LEFT JOIN sealed_values s ON s.name = 'signing key ' || k.id ORDER BY k.number DESC";

    /// <summary>The name that a key's private half is sealed under.</summary>
    public static string SealedName(string id) => "signing key " + id;

    /// <summary>Reads every key, the current one first. A row that does not verify is left out.</summary>
    public static List<SigningKeyRow> All(Session session)
        => [.. session.All(Select, row => Rows.Accepts(session, row) ? Map(row) : null).OfType<SigningKeyRow>()];

    /// <summary>
    /// Adds the new signing key, and deletes the private halves of the former ones.
    /// </summary>
    /// <param name="session">A session that writes, in a transaction.</param>
    /// <param name="row">The key, with its private half.</param>
    /// <param name="after">The <see cref="Last"/> that precedes the key.</param>
    /// <returns>False when another node added one at the same time.</returns>
    public static bool Add(Session session, SigningKeyRow row, long after)
    {
        object?[] values = [after + 1, row.Key.Id, row.Key.X, row.Key.Y, row.CreatedAt.UnixMilliseconds];
        if (session.Execute(
            "INSERT INTO signing_keys (number, id, x, y, created_at, mac) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (number) DO NOTHING",
            [.. values, Rows.Mac(session, values)]) == 0)
        {
            return false;
        }

        session.Execute("DELETE FROM sealed_values WHERE name IN (SELECT 'signing key ' || id FROM signing_keys)");
        SealedValueTable.Add(session, SealedName(row.Key.Id), row.Sealed!);
        return true;
    }

    /// <summary>Counts the keys that were made since a time.</summary>
    public static long MadeSince(Session session, Instant time)
        => session.Number("SELECT COUNT(*) FROM signing_keys WHERE created_at > $1", time.UnixMilliseconds);

    /// <summary>The number of the key that signs; zero when there is none.</summary>
    public static long Last(Session session) => session.Number("SELECT COALESCE(MAX(number), 0) FROM signing_keys");

    private static SigningKeyRow Map(DbDataReader row)
        => new(
            new VerificationKey(row.GetString(1), row.GetString(2), row.GetString(3)), row.Time(4), row.IsDBNull(6) ? null : row.Bytes(6));
}
