using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Warder.Storage.Lists;

/// <summary>
/// A <c>SELECT</c> that is composed of conditions, and read page by page. It walks one table in the order of an index, and examines a
/// bounded number of rows for a page, for any filters. A page that finds too few rows ends at the last examined row, and the next page
/// continues there.
/// </summary>
internal sealed class ListQuery
{
    private const int FilteredChunk = 200;

    // Most pages are full after a few rows. Each window is found by walking the index, so the first is small.
    private const int FirstWindow = 1_000;
    private const int WindowGrowth = 9;

    private readonly string select;
    private readonly string table;
    private readonly string id;
    private readonly string scope;
    private readonly StringBuilder where = new();
    private readonly List<object?> arguments = [];
    private readonly int scopeArguments;

    /// <summary>Starts a query.</summary>
    /// <param name="select">The text before <c>WHERE</c>.</param>
    /// <param name="table">The table that the list examines, with its alias.</param>
    /// <param name="id">The column of that table that orders the list.</param>
    /// <param name="scope">
    /// The condition on the examined rows. An index must begin with its columns and continue with <paramref name="id"/>. Each <c>?</c> is
    /// an argument.
    /// </param>
    /// <param name="values">The arguments.</param>
    public ListQuery(string select, string table, string id, string scope, params ReadOnlySpan<object?> values)
    {
        (this.select, this.table, this.id) = (select, table, id);
        Where(scope, values);
        this.scope = where.ToString();
        scopeArguments = arguments.Count;
    }

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

    /// <summary>Reads a page of the kept rows, in chunks, until the page is full or enough rows were examined.</summary>
    /// <param name="session">Any session.</param>
    /// <param name="page">The page.</param>
    /// <param name="map">Reads a row.</param>
    /// <param name="complete">Makes the listed items of a chunk of rows; it may read more.</param>
    /// <param name="idOf">The id that orders the list.</param>
    /// <param name="keep">Whether an item is listed; null: every item is.</param>
    /// <param name="keepsMost">Whether nearly all items are listed: a chunk is then no larger than the page.</param>
    public Page<T> Page<TRow, T>(
        Session session, PageRequest page, Func<DbDataReader, TRow> map, Func<List<TRow>, List<T>> complete,
        Func<T, string> idOf, Func<T, bool>? keep, bool keepsMost = false)
    {
        var (items, stoppedAt) = Scan(
            session, (page.Cursor, page.ReadsUpwards, page.Limit, page.Examined), map, complete, idOf, keep, keepsMost);
        var more = items.Count > page.Limit;
        if (more)
            items.RemoveRange(page.Limit, items.Count - page.Limit);
        if (page.Backwards)
            items.Reverse();
        var ahead = more || stoppedAt is not null;
        var behind = page.Cursor is not null && (items.Count > 0 || stoppedAt is not null);
        return new Page<T>(items, page.Backwards ? ahead : behind, page.Backwards ? behind : ahead) { StoppedAt = (string?)stoppedAt };
    }

    /// <summary>Reads one item more than the limit, when the rows that may be examined hold as many.</summary>
    /// <returns>The items, and the place of the last examined row when rows behind it were not examined.</returns>
    public (List<T> Items, object? StoppedAt) Scan<TRow, T>(
        Session session, (object? Cursor, bool Upwards, int Limit, int Examined) part, Func<DbDataReader, TRow> map,
        Func<List<TRow>, List<T>> complete, Func<T, object> idOf, Func<T, bool>? keep, bool keepsMost = false)
    {
        var items = new List<T>(part.Limit + 1);
        var chunk = keep is null || keepsMost ? part.Limit + 1 : Math.Max(part.Limit + 1, FilteredChunk);
        var cursor = part.Cursor;
        for (int left = part.Examined, window = Math.Min(FirstWindow, left); ;
            left -= window, window = Math.Min(window * WindowGrowth, left))
        {
            session.RequireTime();
            var edge = Edge(session, cursor, part.Upwards, window);
            while (items.Count <= part.Limit)
            {
                session.RequireTime();
                var rows = complete(Read(session, (cursor, edge), part.Upwards, chunk, map));
                items.AddRange(keep is null ? rows : rows.Where(keep));
                if (rows.Count < chunk)
                    break;
                cursor = idOf(rows[^1]);
            }

            if (items.Count > part.Limit || edge is null)
                return (items, null);
            if (left == window)
                return (items, edge);
            cursor = edge;
        }
    }

    // The place of the last row of a window behind the cursor; null when there are fewer rows than that.
    private object? Edge(Session session, object? cursor, bool upwards, int window)
    {
        var sql = new StringBuilder("SELECT ").Append(id).Append(" FROM ").Append(table).Append(scope);
        var values = arguments.GetRange(0, scopeArguments);
        Beyond(sql, values, cursor, upwards ? " > " : " < ");
        End(sql, upwards).Append(CultureInfo.InvariantCulture, $" LIMIT 1 OFFSET ${values.Count + 1}");
        values.Add(window - 1);
        return session.First(sql.ToString(), static row => row.GetValue(0), [.. values]);
    }

    private List<T> Read<T>(Session session, (object? Cursor, object? Edge) between, bool upwards, int limit, Func<DbDataReader, T> map)
    {
        var sql = new StringBuilder(select).Append(where);
        var values = new List<object?>(arguments);
        Beyond(sql, values, between.Cursor, upwards ? " > " : " < ");
        Beyond(sql, values, between.Edge, upwards ? " <= " : " >= ");
        End(sql, upwards).Append(CultureInfo.InvariantCulture, $" LIMIT ${values.Count + 1}");
        values.Add(limit);
        return session.AllOnce(sql.ToString(), map, [.. values]);
    }

    private void Beyond(StringBuilder sql, List<object?> values, object? place, string comparison)
    {
        if (place is null)
            return;
        values.Add(place);
        sql.Append(" AND ").Append(id).Append(comparison).Append(CultureInfo.InvariantCulture, $"${values.Count}");
    }

    private StringBuilder End(StringBuilder sql, bool upwards) => sql.Append(" ORDER BY ").Append(id).Append(upwards ? " ASC" : " DESC");
}
