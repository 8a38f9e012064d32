namespace Warder.Contracts.Lists;

/// <summary>One page of a list; newest first unless the request says otherwise.</summary>
public sealed record ListPage<T>
{
    /// <summary><c>list</c></summary>
    public string Object { get; init; } = "list";

    /// <summary>The items; at most 100.</summary>
    public required IReadOnlyList<T> Data { get; init; }

    /// <summary>Where to go on.</summary>
    public required ListMetadata ListMetadata { get; init; }
}

/// <summary>The cursors of a page: ids, to be passed as <c>before</c> or <c>after</c>.</summary>
/// <param name="Before">Leads to the page before; null on the first.</param>
/// <param name="After">Leads to the page after; null on the last.</param>
public sealed record ListMetadata(string? Before, string? After);
