using System.Text.Json;
using System.Text.Json.Serialization;

namespace Warder.Contracts.Events;

/// <summary>A fact about a change, as it stands in the log.</summary>
public sealed record Event
{
    /// <summary><c>event</c></summary>
    public string Object { get; init; } = "event";

    /// <summary><c>event_…</c></summary>
    public required string Id { get; init; }

    /// <summary>What happened: <c>api_key.revoked</c>. See <see cref="EventTypes"/>.</summary>
    [JsonPropertyName("event")]
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The environment that it happened in.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>The organization that it is about; null when it is about none.</summary>
    public required string? OrganizationId { get; init; }

    /// <summary>What the log keeps beside the event for those who answer from memory, by its SHA-256; null when there is nothing.</summary>
    public required string? EffectsSha256 { get; init; }

    /// <summary>
    /// The changed object as it is after the change, never with a secret's value. On <c>…updated</c> it has <c>previous_attributes</c>;
    /// on an owner's deletion <c>api_keys_ended</c>.
    /// </summary>
    public required JsonElement Data { get; init; }

    /// <summary>Who did it, and from where.</summary>
    public required EventContext Context { get; init; }
}

/// <summary>Who made a change, and from where.</summary>
public sealed record EventContext
{
    /// <summary>The authenticated cause of the change; null where there was none.</summary>
    public required EventActor? Actor { get; init; }

    /// <summary>The user for whom the caller said it acted (<c>Warder-On-Behalf-Of</c>): asserted, not proved.</summary>
    public required string? OnBehalfOf { get; init; }

    /// <summary>The caller's IP address; null for what Warder does by itself.</summary>
    public required string? SourceAddress { get; init; }

    /// <summary>The request's id; null for what Warder does by itself.</summary>
    public required string? RequestId { get; init; }
}

/// <summary>The authenticated cause of a change.</summary>
/// <param name="Id">A management key's id, or <c>system</c>.</param>
/// <param name="Source"><c>api</c>, <c>system</c>, …</param>
/// <param name="Name">The name that it had at the time.</param>
public sealed record EventActor(string Id, string Source, string? Name);
