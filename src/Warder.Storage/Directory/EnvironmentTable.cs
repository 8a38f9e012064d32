using System.Data.Common;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Storage.Lists;
using Warder.Storage.Secrets;

namespace Warder.Storage.Directory;

/// <summary>The table <c>environments</c>, and the import schemes of each.</summary>
public static class EnvironmentTable
{
    private const string Select =
        "SELECT number, id, name, key_prefix, created_at, updated_at, cap_issued_keys, required_level FROM environments";
    private const string SchemeColumns = "environment, prefix, length, alphabet";

    internal static MacTable SchemeRows { get; } = new("import_schemes", SchemeColumns, SchemeColumns, "prefix");

    // Of a key that was imported before schemes were noted only the prefix is known.
    private const string UnknownScheme = "?:";

    /// <summary>Every environment.</summary>
    public static List<EnvironmentInfo> All(Session session) => session.All(Select + " ORDER BY number", Map);

    /// <summary>Finds an environment by id; null when there is none.</summary>
    public static EnvironmentInfo? Find(Session session, string id, RowLock mode = RowLock.Share)
        => session.First(session.Locked(Select + " WHERE id = $1", mode), Map, id);

    /// <summary>Reads an environment by its number.</summary>
    public static EnvironmentInfo Get(Session session, int number) => session.First(Select + " WHERE number = $1", Map, number)!;

    /// <summary>Whether API keys of an environment end no later than the authority that issues them. The command relies on it.</summary>
    public static bool CapsIssuedKeys(Session session, int number)
        => session.First(
            session.Locked("SELECT cap_issued_keys FROM environments WHERE number = $1", RowLock.Share), static row => row.Flag(0), number);

    /// <summary>Whether a prefix was ever used.</summary>
    public static bool PrefixTaken(Session session, string prefix)
        => session.Number("SELECT COUNT(*) FROM environments WHERE key_prefix = $1", prefix) > 0;

    /// <summary>The key prefix of every environment.</summary>
    public static List<string> Prefixes(Session session)
        => session.All("SELECT key_prefix FROM environments", static row => row.GetString(0));

    /// <summary>
    /// Serializes changes that give an environment a prefix or a scheme, so that each sees the prefixes and schemes of the changes before
    /// it.
    /// </summary>
    public static void HoldPrefixes(Session session)
        => session.LockRows("SELECT 1 FROM environments WHERE number = (SELECT MIN(number) FROM environments)", RowLock.Update, null);

    /// <summary>Locks an environment.</summary>
    public static void LockRows(Session session, int number, RowLock mode)
        => session.LockRows("SELECT 1 FROM environments WHERE number = $1", mode, null, number);

    /// <summary>The number that the next environment gets.</summary>
    public static int NextNumber(Session session) => (int)session.Number("SELECT COALESCE(MAX(number), 0) + 1 FROM environments");

    /// <summary>Reads a page of environments.</summary>
    public static Page<EnvironmentInfo> List(Session session, PageRequest page)
        => new ListQuery(Select, "environments", "id", "id > ''").Page(session, page, Map, static environment => environment.Id);

    /// <summary>Adds an environment.</summary>
    public static void Insert(Session session, EnvironmentInfo environment)
        => session.Write(
            "INSERT INTO environments (number, id, name, key_prefix, created_at, updated_at, cap_issued_keys)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            environment.Number, environment.Id, environment.Name, environment.KeyPrefix,
            environment.CreatedAt.UnixMilliseconds, environment.UpdatedAt.UnixMilliseconds, environment.CapIssuedKeys ? 1 : 0);

    /// <summary>Writes the columns that may change.</summary>
    public static void Update(Session session, EnvironmentInfo environment)
        => session.Write(
            "UPDATE environments SET name = $1, updated_at = $2, cap_issued_keys = $3 WHERE number = $4",
            environment.Name, environment.UpdatedAt.UnixMilliseconds, environment.CapIssuedKeys ? 1 : 0, environment.Number);

    /// <summary>Raises the feature level that an environment requires.</summary>
    /// <returns>False when the environment requires that level already.</returns>
    public static bool RaiseRequiredLevel(Session session, int number, int level)
        => session.Execute("UPDATE environments SET required_level = $2 WHERE number = $1 AND required_level < $2", number, level) > 0;

    /// <summary>Reads the import schemes of an environment. A row that does not verify is left out.</summary>
    public static List<ImportScheme> Schemes(Session session, int environment)
        => [
            .. session.All(
                    $"SELECT {SchemeColumns}, mac FROM import_schemes WHERE environment = $1 ORDER BY prefix, length, alphabet",
                    row => SchemeRows.Accepts(session, row) ? Scheme(row) : null,
                    environment)
                .OfType<ImportScheme>(),
        ];

    /// <summary>Reads the import schemes of all environments. A row that does not verify is left out.</summary>
    public static List<ImportScheme> AllSchemes(Session session)
        => [.. session.All($"SELECT {SchemeColumns}, mac FROM import_schemes", row => SchemeRows.Accepts(session, row) ? Scheme(row) : null)
            .OfType<ImportScheme>()];

    /// <summary>Whether a key that is not deleted was imported under a scheme.</summary>
    public static bool IsSchemeUsed(Session session, int environment, ImportScheme scheme)
        => session.First(
            "SELECT 1 FROM api_key_secrets WHERE environment = $1 AND import_scheme IN ($2, $3) LIMIT 1", static _ => true,
            environment, scheme.Id, UnknownScheme + scheme.Prefix);

    /// <summary>Whether an environment has a scheme. Unless the environment is locked, the scheme may be removed at any time.</summary>
    public static bool HasScheme(Session session, int environment, ImportScheme scheme)
        => session.First(
            $"SELECT {SchemeColumns}, mac FROM import_schemes WHERE environment = $1 AND prefix = $2 AND length = $3 AND alphabet = $4",
            row => SchemeRows.Accepts(session, row), environment, scheme.Prefix, scheme.Length, (int)scheme.Alphabet);

    /// <summary>Removes a scheme from an environment that is locked for update.</summary>
    public static void RemoveScheme(Session session, int environment, ImportScheme scheme)
        => session.Write(
            "DELETE FROM import_schemes WHERE environment = $1 AND prefix = $2 AND length = $3 AND alphabet = $4",
            environment, scheme.Prefix, scheme.Length, (int)scheme.Alphabet);

    /// <summary>
    /// Adds a scheme to an environment that is locked for update. The environment does not have the scheme, or the scheme's row does not
    /// verify.
    /// </summary>
    public static void AddScheme(Session session, int environment, ImportScheme scheme)
    {
        object?[] values = [environment, scheme.Prefix, scheme.Length, (int)scheme.Alphabet];
        session.Write(
            $"INSERT INTO import_schemes ({SchemeColumns}, mac) VALUES ($1, $2, $3, $4, $5)"
            + " ON CONFLICT (environment, prefix, length, alphabet) DO UPDATE SET mac = $5",
            [.. values, SchemeRows.Mac(session, values)]);
    }

    private static ImportScheme Scheme(DbDataReader row) => new(row.GetString(1), row.GetInt32(2), (SchemeAlphabet)row.GetInt32(3));

    private static EnvironmentInfo Map(DbDataReader row)
        => new(
            row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Time(4), row.Time(5), row.Flag(6), row.GetInt32(7));
}
