using System.Text.Json.Serialization;
using Warder.Contracts.Json;

namespace Warder.Contracts.Keys;

/// <summary>
/// POST <c>/organizations/{id}/api_keys</c> and, with <see cref="OrganizationId"/>, <c>/user_management/users/{id}/api_keys</c>.
/// </summary>
public sealed record IssueKeyRequest
{
    /// <summary>1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The organization in which the user holds the key: required for a user's key, refused for an organization's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OrganizationId { get; init; }

    /// <summary>Registered slugs that the owner may have; none if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>A future time; never if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the key is for; ≤ 500 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Purpose { get; init; }

    /// <summary>The responsible user; by default the user that <c>Warder-On-Behalf-Of</c> names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResponsibleUserId { get; init; }
}

/// <summary>PATCH <c>/api_keys/{id}</c>, a merge patch: an absent field stays unchanged, null clears it.</summary>
public sealed record UpdateKeyRequest
{
    /// <summary>1–200 characters; cannot be cleared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>Replaces the granted permissions; null grants none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>?> Permissions { get; init; }

    /// <summary>≤ 500 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Purpose { get; init; }

    /// <summary>A user's id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> ResponsibleUserId { get; init; }

    /// <summary>A future time; null: never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }
}

/// <summary>POST <c>…/rotate</c> of an API key or a management key.</summary>
public sealed record RotateKeyRequest
{
    /// <summary>The overlap in which the earlier secrets still work: 0–2,592,000 seconds; 86,400 if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OverlapSeconds { get; init; }

    /// <summary>The key's new expiry, a future time; unchanged if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }
}

/// <summary>POST <c>/api_keys/{id}/expire</c>.</summary>
public sealed record ExpireKeyRequest
{
    /// <summary>Absent or a past time ends the key now. A future time schedules its end. Null clears the schedule.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }
}

/// <summary>POST <c>…/revoke</c> and <c>…/suspend</c>.</summary>
public sealed record ReasonRequest
{
    /// <summary>The reason; ≤ 500 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }
}
