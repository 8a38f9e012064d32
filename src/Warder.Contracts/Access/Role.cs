using System.Text.Json.Serialization;
using Warder.Contracts.Json;
using Warder.Contracts.Receipts;

namespace Warder.Contracts.Access;

/// <summary>A named set of permissions, which caps what a member's keys can do.</summary>
public sealed record Role
{
    /// <summary><c>role</c></summary>
    public string Object { get; init; } = "role";

    /// <summary><c>role_…</c></summary>
    public required string Id { get; init; }

    /// <summary><c>admin</c> and <c>member</c> are built in.</summary>
    public required string Slug { get; init; }

    /// <summary>≤ 48 characters.</summary>
    public required string Name { get; init; }

    /// <summary>≤ 150 characters.</summary>
    public required string? Description { get; init; }

    /// <summary>Always <c>EnvironmentRole</c>.</summary>
    public string Type { get; init; } = "EnvironmentRole";

    /// <summary><c>organization</c> unless it was created with another.</summary>
    public string ResourceTypeSlug { get; init; } = "organization";

    /// <summary>Whether the role limits its members' keys. A role that is not capped allows every permission.</summary>
    public required bool Capped { get; init; }

    /// <summary>The permissions that a capped role allows.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The receipt that the change is in force: only in the answer to a change that verifiers' decisions depend on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }
}

/// <summary>POST <c>/authorization/roles</c>. The new role is capped and empty.</summary>
public sealed record CreateRoleRequest
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
}

/// <summary>PATCH <c>/authorization/roles/{slug}</c>, a merge patch.</summary>
public sealed record UpdateRoleRequest
{
    /// <summary>≤ 48 characters; cannot be cleared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>≤ 150 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Description { get; init; }
}

/// <summary>PUT (replaces) or POST (adds) <c>/authorization/roles/{slug}/permissions</c>; both cap the role.</summary>
public sealed record RolePermissionsRequest
{
    /// <summary>Registered slugs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>One registered slug, in place of <see cref="Permissions"/>; POST only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Slug { get; init; }
}
