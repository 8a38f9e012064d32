using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Warder.Storage.Lists;

/// <summary>A <c>SELECT</c> that is being put together: conditions, and the page that is asked for.</summary>
/// <param name="select">Everything before <c>WHERE</c>.</param>
/// <param name="id">The column that the list is ordered by.</param>
internal sealed class ListQuery(string select, string id)
{
    private const int FilteredChunk = 200;

    private readonly StringBuilder where = new();
    private readonly List<object?> arguments = [];

    /// <summary>Adds a condition; each <c>?</c> in it is an argument.</summary>
    public ListQuery Where(string condition, params ReadOnlySpan<object?> values)
    {
        where.Append(where.Length == 0 ? " WHERE " : " AND ");
        var next = 0;
        foreach (var character in condition)
        {
            if (character == '?')
            {
                arguments.Add(values[next++]);
                where.Append(CultureInfo.InvariantCulture, $"${arguments.Count}");
            }
            else
            {
                where.Append(character);
            }
        }

        return this;
    }

    /// <summary>Adds a condition when there is a value for it.</summary>
    public ListQuery WhereIf(object? value, string condition) => value is null ? this : Where(condition, value);

    /// <summary>Reads a page.</summary>
    public Page<T> Page<T>(Session session, PageRequest page, Func<DbDataReader, T> map, Func<T, string> idOf)
        => Page(session, page, map, static rows => rows, idOf, null);

    /// <summary>Reads a page of the rows that are kept: reads on, in chunks, until it is full.</summary>
    /// <param name="session">Any.</param>
    /// <param name="page">Which.</param>
    /// <param name="map">Reads a row.</param>
    /// <param name="complete">Makes of a chunk of rows what is listed: it may read more.</param>
    /// <param name="idOf">What the list is ordered by.</param>
    /// <param name="keep">Whether one is listed; null: all are.</param>
    /// <param name="keepsMost">Whether nearly all are: a chunk is then no larger than the page.</param>
    public Page<T> Page<TRow, T>(
        Session session, PageRequest page, Func<DbDataReader, TRow> map, Func<List<TRow>, List<T>> complete, Func<T, string> idOf, Func<T, bool>? keep,
        bool keepsMost = false)
    {
        var items = new List<T>(page.Limit + 1);
        var cursor = page.Cursor;
        var chunk = keep is null || keepsMost ? page.Limit + 1 : Math.Max(page.Limit + 1, FilteredChunk);
        while (items.Count <= page.Limit)
        {
            var rows = complete(Read(session, cursor, chunk, page.ReadsUpwards, map));
            items.AddRange(keep is null ? rows : rows.Where(keep));
            if (rows.Count < chunk)
                break;
            cursor = idOf(rows[^1]);
        }

        var more = items.Count > page.Limit;
        if (more)
            items.RemoveRange(page.Limit, items.Count - page.Limit);
        if (page.Backwards)
            items.Reverse();
        var cursorGiven = page.Cursor is not null;
        return new Page<T>(items, page.Backwards ? more : cursorGiven && items.Count > 0, page.Backwards ? cursorGiven && items.Count > 0 : more);
    }

    private List<T> Read<T>(Session session, string? cursor, int limit, bool upwards, Func<DbDataReader, T> map)
    {
        var sql = new StringBuilder(select).Append(where);
        var values = new List<object?>(arguments);
        if (cursor is not null)
        {
            values.Add(cursor);
            sql.Append(where.Length == 0 ? " WHERE " : " AND ").Append(id).Append(upwards ? " > " : " < ").Append(CultureInfo.InvariantCulture, $"${values.Count}");
        }

        values.Add(limit);
        sql.Append(" ORDER BY ").Append(id).Append(upwards ? " ASC" : " DESC").Append(CultureInfo.InvariantCulture, $" LIMIT ${values.Count}");
        return session.AllOnce(sql.ToString(), map, [.. values]);
    }
}
