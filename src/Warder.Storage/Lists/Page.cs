namespace Warder.Storage.Lists;

/// <summary>The requested part of a list. The keyset is the id itself, so that the cursor's own item may be gone.</summary>
/// <param name="Limit">1 to 100.</param>
/// <param name="Cursor">An id that is not shown; null: the start of the order.</param>
/// <param name="Backwards">The page ends before the cursor, and does not begin after it.</param>
/// <param name="Ascending">Oldest first.</param>
public sealed record PageRequest(int Limit, string? Cursor, bool Backwards, bool Ascending)
{
    /// <summary>The greatest number of rows that a page examines; tests may set fewer.</summary>
    public const int MostExamined = 50_000;

    /// <summary>The greatest number of rows that this page examines. A page that finds too few ends short, with a cursor.</summary>
    public int Examined { get; init; } = MostExamined;

    /// <summary>Whether ids are read upwards.</summary>
    internal bool ReadsUpwards => Ascending != Backwards;
}

/// <summary>A part of a list.</summary>
/// <param name="Items">The items in the requested order.</param>
/// <param name="HasBefore">Whether items before the first exist, or may exist.</param>
/// <param name="HasAfter">Whether items after the last exist, or may exist.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, bool HasBefore, bool HasAfter)
{
    /// <summary>
    /// The id of the last row that was examined, when the page ended there and not at its limit or at the list's end: the cursor to go on
    /// from.
    /// </summary>
    public string? StoppedAt { get; init; }

    /// <summary>The same page of something else.</summary>
    public Page<TOther> Select<TOther>(Func<T, TOther> map) => new([.. Items.Select(map)], HasBefore, HasAfter) { StoppedAt = StoppedAt };
}
