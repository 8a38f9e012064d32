namespace Warder.Contracts.Lists;

/// <summary>One page of a list; newest first unless the request sets an order.</summary>
public sealed record ListPage<T>
{
    /// <summary><c>list</c></summary>
    public string Object { get; init; } = "list";

    /// <summary>The items; at most 100.</summary>
    public required IReadOnlyList<T> Data { get; init; }

    /// <summary>The cursors to other pages.</summary>
    public required ListMetadata ListMetadata { get; init; }
}

/// <summary>The cursors of a page: ids, to be passed as <c>before</c> or <c>after</c>.</summary>
/// <param name="Before">The cursor of the page before; null on the first page.</param>
/// <param name="After">The cursor of the page after; null on the last page.</param>
public sealed record ListMetadata(string? Before, string? After);
