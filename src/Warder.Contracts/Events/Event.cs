using System.Text.Json;
using System.Text.Json.Serialization;

namespace Warder.Contracts.Events;

/// <summary>A fact about a change, as the log holds it.</summary>
public sealed record Event
{
    /// <summary><c>event</c></summary>
    public string Object { get; init; } = "event";

    /// <summary><c>event_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The type of the event: <c>api_key.revoked</c>. See <see cref="EventTypes"/>.</summary>
    [JsonPropertyName("event")]
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The environment of the change.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>The organization of the changed object; null when the object belongs to none.</summary>
    public required string? OrganizationId { get; init; }

    /// <summary>
    /// The SHA-256 of the event's cache deltas, which the log keeps beside the event for verifiers; null when there are none.
    /// </summary>
    public required string? EffectsSha256 { get; init; }

    /// <summary>
    /// The changed object after the change, never with a secret's value. On <c>…updated</c> it has <c>previous_attributes</c>; on an
    /// owner's deletion <c>api_keys_ended</c>.
    /// </summary>
    public required JsonElement Data { get; init; }

    /// <summary>The actor of the change, and the source of the request.</summary>
    public required EventContext Context { get; init; }
}

/// <summary>The actor of a change, and the source of the request.</summary>
public sealed record EventContext
{
    /// <summary>The authenticated actor; null where there was none.</summary>
    public required EventActor? Actor { get; init; }

    /// <summary>The user that the caller acts for, by <c>Warder-On-Behalf-Of</c>: asserted, not proved.</summary>
    public required string? OnBehalfOf { get; init; }

    /// <summary>The caller's IP address; null for a change that Warder makes by itself.</summary>
    public required string? SourceAddress { get; init; }

    /// <summary>The request's id; null for a change that Warder makes by itself.</summary>
    public required string? RequestId { get; init; }
}

/// <summary>The authenticated actor of a change.</summary>
/// <param name="Id">A management key's id, or <c>system</c>.</param>
/// <param name="Source"><c>api</c>, <c>system</c>, …</param>
/// <param name="Name">The actor's name at the time of the change.</param>
public sealed record EventActor(string Id, string Source, string? Name);
