namespace Warder.Contracts.Events;

/// <summary>One page of the log, oldest first unless the request sets an order.</summary>
public sealed record EventPage
{
    /// <summary><c>list</c></summary>
    public string Object { get; init; } = "list";

    /// <summary>The events; at most 100.</summary>
    public required IReadOnlyList<Event> Data { get; init; }

    /// <summary>The cursor to the next page.</summary>
    public required EventListMetadata ListMetadata { get; init; }
}

/// <summary>The cursor of a page of the log, which has one direction only.</summary>
/// <param name="After">The cursor of the next page; null when the log has no more events at present.</param>
public sealed record EventListMetadata(string? After);
