using System.Data.Common;

namespace Warder.Storage.Tests.Lists;

/// <summary>Records the statements that it passes on to a session.</summary>
internal sealed class RecordingSession(Session inner) : Session
{
    public List<(string Sql, object?[] Arguments)> Queries { get; } = [];

    public override Dialect Dialect => inner.Dialect;

    public override int Execute(string sql, params ReadOnlySpan<object?> arguments) => inner.Execute(sql, arguments);

    public override List<T> AllOnce<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> arguments)
    {
        Queries.Add((sql, arguments.ToArray()));
        return inner.AllOnce(sql, map, arguments);
    }

    internal override DbDataReader Query(string sql, params ReadOnlySpan<object?> arguments)
    {
        Queries.Add((sql, arguments.ToArray()));
        return inner.Query(sql, arguments);
    }

    protected override void Dispose(bool disposing)
    {
    }
}
