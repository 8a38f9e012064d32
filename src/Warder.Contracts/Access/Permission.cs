using System.Text.Json.Serialization;
using Warder.Contracts.Json;
using Warder.Contracts.Receipts;

namespace Warder.Contracts.Access;

/// <summary>A registered permission.</summary>
public sealed record Permission
{
    /// <summary><c>permission</c></summary>
    public string Object { get; init; } = "permission";

    /// <summary><c>perm_…</c>; a slug that is registered anew gets a new one.</summary>
    public required string Id { get; init; }

    /// <summary><c>posts:read</c>; ≤ 48 characters.</summary>
    public required string Slug { get; init; }

    /// <summary>≤ 48 characters.</summary>
    public required string Name { get; init; }

    /// <summary>≤ 150 characters.</summary>
    public required string? Description { get; init; }

    /// <summary>Always false.</summary>
    public bool System { get; init; }

    /// <summary><c>organization</c> unless it was created with another.</summary>
    public string ResourceTypeSlug { get; init; } = "organization";

    /// <summary>The owner types of keys that may carry it: of <c>organization</c>, <c>user</c>, <c>workload</c>.</summary>
    public required IReadOnlyList<string> AllowedOwnerTypes { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The receipt that the change is in force: only in the answer to a change that verifiers' decisions depend on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }
}

/// <summary>POST <c>/authorization/permissions</c>.</summary>
public sealed record CreatePermissionRequest
{
    /// <summary>≤ 48 characters: <c>[a-z0-9]</c>, then <c>[a-z0-9:._*-]</c>.</summary>
    public required string Slug { get; init; }

    /// <summary>≤ 48 characters.</summary>
    public required string Name { get; init; }

    /// <summary>≤ 150 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary><c>organization</c> if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResourceTypeSlug { get; init; }

    /// <summary>The owner types of keys that may carry it; all if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? AllowedOwnerTypes { get; init; }
}

/// <summary>PATCH <c>/authorization/permissions/{slug}</c>, a merge patch.</summary>
public sealed record UpdatePermissionRequest
{
    /// <summary>≤ 48 characters; cannot be cleared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>≤ 150 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Description { get; init; }

    /// <summary>The owner types of keys that may carry it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>?> AllowedOwnerTypes { get; init; }
}
