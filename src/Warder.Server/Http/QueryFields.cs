using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Storage;
using Warder.Storage.Lists;

namespace Warder.Server.Http;

/// <summary>
/// Reads the query string, and collects its faults. A parameter is honoured or refused: one that is misspelt, empty or given twice must not
/// show everything.
/// </summary>
/// <param name="query">The query string.</param>
/// <param name="declared">The parameters that the route declares. The reader reads all of them, and no others.</param>
internal sealed class QueryFields(IQueryCollection query, IReadOnlyList<QueryField> declared)
{
    private const int ShownNameCharacters = 64;

    private readonly List<FieldFault> faults = [];
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    /// <summary>Returns all faults, unknown parameters included.</summary>
    /// <returns>Null: there is no fault.</returns>
    /// <exception cref="InvalidOperationException">The route declares a parameter that it did not read.</exception>
    public Fault? Fault()
    {
        if (declared.FirstOrDefault(field => !read.Contains(field.Name)) is { } ignored)
            throw new InvalidOperationException($"The route declares the query parameter '{ignored.Name}' and ignores it.");
        foreach (var (name, _) in query)
        {
            if (!declared.Any(field => field.Name == name || (field.IsList && field.Name + "[]" == name)))
                Refuse(name.Length <= ShownNameCharacters ? name : name[..ShownNameCharacters], "unknown_field", Unknown());
        }

        return faults.Count == 0 ? null : Core.Faults.Fault.Invalid(faults);
    }

    /// <summary>Adds a fault of a parameter.</summary>
    public void Refuse(string name, string code, string message) => faults.Add(new FieldFault(name, code, message));

    /// <summary>Reads a text that may be missing.</summary>
    /// <returns>Null: the parameter is missing or refused.</returns>
    public string? Text(string name, int maxCharacters = Limits.QueryCharacters)
    {
        Read(name, isList: false);
        if (!query.TryGetValue(name, out var values))
            return null;
        if (values.Count == 1)
            return Good(name, values[0], maxCharacters) ? values[0] : null;
        Refuse(name, "too_many", "Must be given once.");
        return null;
    }

    /// <summary>Reads texts that are separated by commas, or given several times.</summary>
    /// <returns>None: the parameter is missing or refused.</returns>
    public IReadOnlyList<string> Texts(string name, int maxItems)
    {
        Read(name, isList: true);
        var texts = query[name].Concat(query[name + "[]"])
            .SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        if (texts.Count > maxItems)
        {
            Refuse(name, "too_many", string.Create(CultureInfo.InvariantCulture, $"At most {maxItems} values."));
            return [];
        }

        return texts.TrueForAll(text => Good(name, text, Limits.QueryCharacters)) ? texts : [];
    }

    /// <summary>Reads a time that may be missing.</summary>
    public Instant? Time(string name)
    {
        if (Text(name) is not { } text)
            return null;
        // A plus sign in a query is a space.
        if (Instant.TryParse(text.Replace(' ', '+'), out var instant))
            return instant;
        Refuse(name, "invalid_format", "Must be a time such as 2026-01-15T12:00:00.000Z.");
        return null;
    }

    /// <summary>Reads <c>dry_run</c>.</summary>
    public bool DryRun()
    {
        var text = Text("dry_run");
        if (text is not (null or "true" or "false"))
            Refuse("dry_run", "invalid_value", "Must be true or false.");
        return string.Equals(text, "true", StringComparison.Ordinal);
    }

    /// <summary>
    /// Reads the parameters of a page of ids of one kind. A cursor must be the id of an item that this environment has or had.
    /// </summary>
    public ListRequest Page(IdKind kind, Func<Session, string, bool> existed, IdKind? alternative = null)
    {
        var order = Text("order") ?? "desc";
        if (order is not ("asc" or "desc" or "normal"))
            Refuse("order", "invalid_value", "Must be asc, desc or normal.");
        var reversed = string.Equals(order, "normal", StringComparison.Ordinal);
        var (after, before) = (Cursor("after", kind, alternative), Cursor("before", kind, alternative));
        if (after is not null && before is not null)
            Refuse("before", "invalid_value", "Give after or before, not both.");
        var backwards = reversed ? after is not null : before is not null;
        return new ListRequest(
            new PageRequest(Limit(), after ?? before, backwards, string.Equals(order, "asc", StringComparison.Ordinal)), reversed,
            after is not null, existed);
    }

    /// <summary>Reads <c>limit</c>.</summary>
    public int Limit()
    {
        if (Text("limit") is not { } text)
            return Limits.DefaultPageItems;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Limits.PageItems)
            return limit;
        Refuse("limit", "out_of_range", $"Must be a whole number from 1 to {Limits.PageItems.ToString(CultureInfo.InvariantCulture)}.");
        return Limits.DefaultPageItems;
    }

    private void Read(string name, bool isList)
    {
        if (!declared.Any(field => field.Name == name && field.IsList == isList))
            throw new InvalidOperationException($"The route reads the query parameter '{name}' and does not declare it.");
        read.Add(name);
    }

    // A filter without a value selects nothing in particular. It is refused, because a caller with an empty variable would get everything.
    private bool Good(string name, string? text, int maxCharacters)
    {
        if (string.IsNullOrEmpty(text))
            Refuse(name, "required", "Must not be empty. Leave the parameter out, or give it a value.");
        else if (text.Length > maxCharacters)
            Refuse(name, "too_long", string.Create(CultureInfo.InvariantCulture, $"At most {maxCharacters} characters."));
        else if (text.Contains('\0', StringComparison.Ordinal))
            Refuse(name, "invalid_format", "Must have no NUL.");
        else
            return true;
        return false;
    }

    private string Unknown() => declared.Count == 0
        ? "There is no such query parameter here: this route takes none."
        : $"There is no such query parameter here. Known: {string.Join(", ", declared.Select(static field => field.Name))}.";

    private string? Cursor(string name, IdKind kind, IdKind? alternative)
    {
        if (Text(name) is not { } text)
            return null;
        if (Id.Is(kind, text) || (alternative is { } other && Id.Is(other, text)))
            return text;
        Refuse(name, "invalid_cursor", "Must be an id from a page of this list.");
        return null;
    }
}

/// <summary>The request for a page, with the data to check its cursor and to write the cursors of the answer.</summary>
/// <param name="Page">The page to read.</param>
/// <param name="Reversed">Whether the order is <c>normal</c>, in which before and after change places.</param>
/// <param name="CursorIsAfter">Whether the cursor was given as <c>after</c>.</param>
/// <param name="Existed">Determines whether the environment has or had an item of this id.</param>
internal sealed record ListRequest(PageRequest Page, bool Reversed, bool CursorIsAfter, Func<Session, string, bool> Existed)
{
    /// <summary>Reads the page, if its cursor belongs to this list.</summary>
    public Result<Page<T>> Read<T>(Session session, Func<PageRequest, Page<T>> read)
        => Page.Cursor is { } cursor && !Existed(session, cursor)
            ? Fault.Field(CursorIsAfter ? "after" : "before", "invalid_cursor", "Must be an id from a page of this list.")
            : read(Page);

    /// <summary>Reads the page from one snapshot and answers with it; or refuses, with the faults of the query.</summary>
    public async Task<Result<Answer>> Answer<T, TShape>(
        Call call, QueryFields query, Func<Session, PageRequest, Page<T>> read, Func<T, TShape> shape, Func<T, string> idOf,
        JsonTypeInfo<Contracts.Lists.ListPage<TShape>> type)
    {
        if (query.Fault() is { } invalid)
            return invalid;
        var result = await call.ReadInLane(session => Read(session, part => read(session, part)));
        return result.Fault is { } refused ? refused : Engine.Changes.Answer.Ok(Shape(result.Value, shape, idOf), type);
    }

    /// <summary>Converts a page to the form of the answer.</summary>
    public Contracts.Lists.ListPage<TShape> Shape<T, TShape>(Page<T> page, Func<T, TShape> shape, Func<T, string> idOf)
    {
        // A page that stopped early continues from the position where it stopped, not from its last item.
        var before = page.HasBefore
            ? (Page.Backwards ? page.StoppedAt : null) ?? (page.Items.Count > 0 ? idOf(page.Items[0]) : page.StoppedAt)
            : null;
        var after = page.HasAfter
            ? (Page.Backwards ? null : page.StoppedAt) ?? (page.Items.Count > 0 ? idOf(page.Items[^1]) : page.StoppedAt)
            : null;
        return new Contracts.Lists.ListPage<TShape>
        {
            Data = [.. page.Items.Select(shape)],
            ListMetadata = Reversed ? new(after, before) : new(before, after),
        };
    }
}
