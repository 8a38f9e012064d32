namespace Warder.Contracts.Events;

/// <summary>One page of the log, oldest first unless the request says otherwise.</summary>
public sealed record EventPage
{
    /// <summary><c>list</c></summary>
    public string Object { get; init; } = "list";

    /// <summary>The events; at most 100.</summary>
    public required IReadOnlyList<Event> Data { get; init; }

    /// <summary>Where to go on.</summary>
    public required EventListMetadata ListMetadata { get; init; }
}

/// <summary>The log pages one way only.</summary>
/// <param name="After">Leads to the next page; null when there is nothing more at present.</param>
public sealed record EventListMetadata(string? After);
