using System.Collections;
using System.Data.Common;
using System.Text;
using SQLitePCL;

namespace Warder.Storage.Sqlite;

/// <summary>
/// The rows of a <see cref="SqliteStatement"/>: forward only, columns by number. One object for the statement's whole life.
/// </summary>
internal sealed class SqliteRows(SqliteStatement owner, sqlite3_stmt statement) : DbDataReader
{
    private bool done = true;

    /// <summary>Stands before the first row of a new execution.</summary>
    public SqliteRows Begin()
    {
        done = false;
        return this;
    }

    public override int FieldCount => raw.sqlite3_column_count(statement);

    public override bool IsClosed => done;

    public override int Depth => 0;

    public override int RecordsAffected => -1;

    public override bool HasRows => throw NotOffered();

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => throw NotOffered();

    public override bool Read()
    {
        if (done)
            return false;
        // After an exception there is nothing left to release.
        done = true;
        done = !owner.Step();
        return !done;
    }

    public override bool NextResult() => false;

    public override bool IsDBNull(int ordinal) => raw.sqlite3_column_type(statement, ordinal) == raw.SQLITE_NULL;

    public override long GetInt64(int ordinal)
    {
        var value = raw.sqlite3_column_int64(statement, ordinal);
        if (value == 0)
            MustNotBeNull(ordinal);
        return value;
    }

    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));

    public override short GetInt16(int ordinal) => checked((short)GetInt64(ordinal));

    public override byte GetByte(int ordinal) => checked((byte)GetInt64(ordinal));

    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override double GetDouble(int ordinal) => raw.sqlite3_column_double(statement, ordinal);

    public override float GetFloat(int ordinal) => (float)GetDouble(ordinal);

    public override string GetString(int ordinal)
    {
        var bytes = raw.sqlite3_column_blob(statement, ordinal);
        if (bytes.IsEmpty)
            MustNotBeNull(ordinal);
        return Encoding.UTF8.GetString(bytes);
    }

    public override object GetValue(int ordinal) => raw.sqlite3_column_type(statement, ordinal) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, ordinal),
        raw.SQLITE_FLOAT => raw.sqlite3_column_double(statement, ordinal),
        raw.SQLITE_TEXT => GetString(ordinal),
        raw.SQLITE_BLOB => raw.sqlite3_column_blob(statement, ordinal).ToArray(),
        _ => DBNull.Value,
    };

    public override void Close()
    {
        if (done)
            return;
        done = true;
        owner.Reset();
    }

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw NotOffered();

    public override char GetChar(int ordinal) => throw NotOffered();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw NotOffered();

    public override string GetDataTypeName(int ordinal) => throw NotOffered();

    public override DateTime GetDateTime(int ordinal) => throw NotOffered();

    public override decimal GetDecimal(int ordinal) => throw NotOffered();

    public override IEnumerator GetEnumerator() => throw NotOffered();

    public override Type GetFieldType(int ordinal) => throw NotOffered();

    public override Guid GetGuid(int ordinal) => throw NotOffered();

    public override string GetName(int ordinal) => raw.sqlite3_column_name(statement, ordinal).utf8_to_string();

    public override int GetOrdinal(string name) => throw NotOffered();

    public override int GetValues(object[] values) => throw NotOffered();

    private void MustNotBeNull(int ordinal)
    {
        if (IsDBNull(ordinal))
            throw new InvalidOperationException($"Column {ordinal} is NULL.");
    }

    private static NotSupportedException NotOffered() => new("Not offered here.");
}
