using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;

namespace Warder.Core.Events;

/// <summary>An event that has no place in the log yet.</summary>
public sealed record EventDraft
{
    /// <summary><c>event_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment's number.</summary>
    public required int Environment { get; init; }

    /// <summary><c>api_key.revoked</c>; one of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The organization that the event concerns; null without one.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The time of its creation.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>The stored and hashed content of the event.</summary>
    public required EventBody Body { get; init; }

    /// <summary>The changes that the event makes to the memory of verifiers.</summary>
    public IReadOnlyList<CacheDelta> CacheDeltas { get; init; } = [];
}
