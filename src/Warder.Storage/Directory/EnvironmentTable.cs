using System.Data.Common;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Storage.Lists;

namespace Warder.Storage.Directory;

/// <summary>The table <c>environments</c>, and the import schemes of each.</summary>
public static class EnvironmentTable
{
    private const string Select = "SELECT number, id, name, key_prefix, created_at, updated_at FROM environments";

    /// <summary>Every environment.</summary>
    public static List<EnvironmentInfo> All(Session session) => session.All(Select + " ORDER BY number", Map);

    /// <summary>One, by id; null when there is none.</summary>
    public static EnvironmentInfo? Find(Session session, string id, RowLock mode = RowLock.Rely)
        => session.First(session.Locked(Select + " WHERE id = $1", mode), Map, id);

    /// <summary>One, by its number.</summary>
    public static EnvironmentInfo Get(Session session, int number) => session.First(Select + " WHERE number = $1", Map, number)!;

    /// <summary>Whether a prefix was ever used.</summary>
    public static bool PrefixTaken(Session session, string prefix)
        => session.Number("SELECT COUNT(*) FROM environments WHERE key_prefix = $1", prefix) > 0;

    /// <summary>The number that the next environment gets.</summary>
    public static int NextNumber(Session session) => (int)session.Number("SELECT COALESCE(MAX(number), 0) + 1 FROM environments");

    /// <summary>A page of them.</summary>
    public static Page<EnvironmentInfo> List(Session session, PageRequest page)
        => new ListQuery(Select, "id").Page(session, page, Map, static environment => environment.Id);

    /// <summary>Adds one.</summary>
    public static void Insert(Session session, EnvironmentInfo environment)
        => session.Write(
            "INSERT INTO environments (number, id, name, key_prefix, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6)",
            environment.Number, environment.Id, environment.Name, environment.KeyPrefix,
            environment.CreatedAt.UnixMilliseconds, environment.UpdatedAt.UnixMilliseconds);

    /// <summary>Writes what may change.</summary>
    public static void Update(Session session, EnvironmentInfo environment)
        => session.Write(
            "UPDATE environments SET name = $1, updated_at = $2 WHERE number = $3",
            environment.Name, environment.UpdatedAt.UnixMilliseconds, environment.Number);

    /// <summary>The import schemes of an environment.</summary>
    public static List<ImportScheme> Schemes(Session session, int environment)
        => session.All(
            "SELECT prefix, length, alphabet FROM import_schemes WHERE environment = $1 ORDER BY prefix, length, alphabet",
            static row => new ImportScheme(row.GetString(0), row.GetInt32(1), (SchemeAlphabet)row.GetInt32(2)),
            environment);

    /// <summary>Whether an environment has a scheme: for ever, then.</summary>
    public static bool HasScheme(Session session, int environment, ImportScheme scheme)
        => session.Number(
            "SELECT COUNT(*) FROM import_schemes WHERE environment = $1 AND prefix = $2 AND length = $3 AND alphabet = $4",
            environment, scheme.Prefix, scheme.Length, (int)scheme.Alphabet) > 0;

    /// <summary>Adds a scheme that is not there, to an environment that is locked to be changed.</summary>
    public static void AddScheme(Session session, int environment, ImportScheme scheme)
        => session.Write(
            "INSERT INTO import_schemes (environment, prefix, length, alphabet) VALUES ($1, $2, $3, $4)",
            environment, scheme.Prefix, scheme.Length, (int)scheme.Alphabet);

    private static EnvironmentInfo Map(DbDataReader row)
        => new(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Time(4), row.Time(5));
}
