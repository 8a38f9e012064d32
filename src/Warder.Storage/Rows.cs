using System.Data.Common;

namespace Warder.Storage;

/// <summary>Reads columns that may be null.</summary>
internal static class Rows
{
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static Core.Time.Instant Time(this DbDataReader row, int column) => new(row.GetInt64(column));

    public static Core.Time.Instant? TimeOrNull(this DbDataReader row, int column)
        => row.IsDBNull(column) ? null : new(row.GetInt64(column));

    public static bool Flag(this DbDataReader row, int column) => row.GetInt64(column) != 0;

    public static byte[] Bytes(this DbDataReader row, int column) => (byte[])row.GetValue(column);
}
