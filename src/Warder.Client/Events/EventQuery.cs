using Warder.Client.Lists;
using Warder.Client.Transport;

namespace Warder.Client.Events;

/// <summary>Selects a part of the log. Events are listed oldest first unless <see cref="Order"/> is set.</summary>
public sealed record EventQuery
{
    /// <summary>Only these types; see <see cref="Warder.Contracts.Events.EventTypes"/>.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset? RangeStart { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? RangeEnd { get; init; }

    /// <summary>Only events about this organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>1–100; 10 if left out.</summary>
    public int? Limit { get; init; }

    /// <summary>The id of the event after which the page begins.</summary>
    public string? After { get; init; }

    /// <summary>The direction; oldest first if left out.</summary>
    public ListOrder? Order { get; init; }

    internal string At(string path) => new Target(path)
        .With("events", Types)
        .With("range_start", RangeStart)
        .With("range_end", RangeEnd)
        .With("organization_id", OrganizationId)
        .With("limit", Limit)
        .With("after", After)
        .With("order", Order switch { ListOrder.Ascending => "asc", ListOrder.Descending => "desc", _ => null })
        .ToString();
}
