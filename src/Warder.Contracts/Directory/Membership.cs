using System.Text.Json.Serialization;
using System.Text.Json;
using Warder.Contracts.Receipts;

namespace Warder.Contracts.Directory;

/// <summary>A user's place in an organization.</summary>
public sealed record Membership
{
    /// <summary><c>organization_membership</c></summary>
    public string Object { get; init; } = "organization_membership";

    /// <summary><c>om_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The person.</summary>
    public required string UserId { get; init; }

    /// <summary>The person, as the directory has them now. Left out of events.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public User? User { get; init; }

    /// <summary>The customer.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>The customer's name.</summary>
    public required string OrganizationName { get; init; }

    /// <summary><c>active</c> or <c>inactive</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The role, which caps what the member's keys can do.</summary>
    public required RoleReference Role { get; init; }

    /// <summary>The same role, as a list of one.</summary>
    public required IReadOnlyList<RoleReference> Roles { get; init; }

    /// <summary>Always empty.</summary>
    public IReadOnlyDictionary<string, JsonElement> CustomAttributes { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Always false.</summary>
    public bool DirectoryManaged { get; init; }

    /// <summary>When the user joined.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the role or the status last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The receipt that the change is in force: only in the answer to a change that verifiers' decisions depend on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }
}

/// <summary>A role, by its slug.</summary>
public sealed record RoleReference(string Slug);

/// <summary>The values of <see cref="Membership.Status"/>.</summary>
public static class MembershipStatus
{
    /// <summary>In force.</summary>
    public const string Active = "active";

    /// <summary>Deactivated: the member's keys answer <c>owner_inactive</c> until it is reactivated.</summary>
    public const string Inactive = "inactive";
}

/// <summary>POST <c>/user_management/organization_memberships</c>.</summary>
public sealed record CreateMembershipRequest
{
    /// <summary>The person.</summary>
    public required string UserId { get; init; }

    /// <summary>The customer.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>The role; <c>member</c> if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RoleSlug { get; init; }
}

/// <summary>PUT <c>/user_management/organization_memberships/{id}</c>.</summary>
/// <param name="RoleSlug">The new role.</param>
public sealed record UpdateMembershipRequest(string RoleSlug);
