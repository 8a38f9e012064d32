using Warder.Client.Transport;

namespace Warder.Client.Lists;

/// <summary>The direction of a list.</summary>
public enum ListOrder
{
    /// <summary>Newest first: the default of all lists but the log.</summary>
    Descending,

    /// <summary>Oldest first.</summary>
    Ascending,
}

/// <summary>One page of a list.</summary>
public record ListQuery
{
    /// <summary>1–100; 10 if left out.</summary>
    public int? Limit { get; init; }

    /// <summary>The id after which the page begins; not together with <see cref="Before"/>.</summary>
    public string? After { get; init; }

    /// <summary>The id before which the page ends.</summary>
    public string? Before { get; init; }

    /// <summary>The direction; the list's default if left out.</summary>
    public ListOrder? Order { get; init; }

    internal virtual Target AddTo(Target target) => target
        .With("limit", Limit)
        .With("after", After)
        .With("before", Before)
        .With("order", Order switch { ListOrder.Ascending => "asc", ListOrder.Descending => "desc", _ => null });

    internal string At(string path) => AddTo(new Target(path)).ToString();
}
