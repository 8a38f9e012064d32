using Warder.Core.Secrets;

namespace Warder.Storage.Secrets;

/// <summary>The table <c>sealed_values</c>.</summary>
public static class SealedValueTable
{
    /// <summary>Finds the sealed value of a name; null when there is none.</summary>
    public static byte[]? Find(Session session, string name)
        => session.First("SELECT sealed FROM sealed_values WHERE name = $1", static row => row.Bytes(0), name);

    /// <summary>Reads every name with its sealed value.</summary>
    public static List<(string Name, byte[] Sealed)> All(Session session)
        => session.All(
            session.Locked("SELECT name, sealed FROM sealed_values ORDER BY name", RowLock.Update),
            static row => (row.GetString(0), row.Bytes(1)));

    /// <summary>Seals every value again and replaces the MACs of all rows, or does neither.</summary>
    public static void ReplaceAll(Session session, Func<string, byte[], byte[]> reseal, RootKey old, RootKey fresh)
    {
        session.Execute(session.Dialect.Begin);
        try
        {
            foreach (var (name, box) in All(session))
                Put(session, name, reseal(name, box));
            RowMacRewrite.Replace(session, new RowAuthenticator(old), new RowAuthenticator(fresh));
            session.Execute("COMMIT");
        }
        catch
        {
            session.Execute("ROLLBACK");
            throw;
        }
    }

    /// <summary>Writes a value, unless the name has one; then returns false.</summary>
    public static bool Add(Session session, string name, byte[] box)
        => session.Execute("INSERT INTO sealed_values (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, box) > 0;

    /// <summary>Writes a value, and replaces an existing one.</summary>
    internal static void Put(Session session, string name, byte[] box)
        => session.Write(
            "INSERT INTO sealed_values (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET sealed = $2", name, box);
}
