using Warder.Core.Directory;
using Warder.Core.Time;

namespace Warder.Core.Access;

/// <summary>
/// A registered slug. Keys hold its id, not its slug, so that a deleted slug that is registered again revives no grant.
/// </summary>
public sealed record Permission
{
    /// <summary>The longest <see cref="Slug"/>.</summary>
    public const int MaxSlugCharacters = 48;

    /// <summary><c>perm_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment's number.</summary>
    public required int Environment { get; init; }

    /// <summary>Unique among the environment's living permissions.</summary>
    public required string Slug { get; init; }

    /// <summary>The name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The description, for people.</summary>
    public string? Description { get; init; }

    /// <summary>The slug of the resource type; <c>organization</c> by default.</summary>
    public required string ResourceTypeSlug { get; init; }

    /// <summary>The types of owners with keys that may have the permission.</summary>
    public required OwnerTypes AllowedOwnerTypes { get; init; }

    /// <summary>The time of its creation.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>The time of its last change.</summary>
    public required Instant UpdatedAt { get; init; }
}

/// <summary>A named set of permissions, which caps what a member's keys can do once it is <see cref="Capped"/>.</summary>
public sealed record Role
{
    /// <summary><c>role_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment's number.</summary>
    public required int Environment { get; init; }

    /// <summary>Unique among the environment's living roles.</summary>
    public required string Slug { get; init; }

    /// <summary>The name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The description, for people.</summary>
    public string? Description { get; init; }

    /// <summary>The slug of the resource type.</summary>
    public required string ResourceTypeSlug { get; init; }

    /// <summary>False: members may have every permission. True: exactly <see cref="Permissions"/>.</summary>
    public required bool Capped { get; init; }

    /// <summary><c>admin</c> and <c>member</c>: they cannot be deleted.</summary>
    public required bool BuiltIn { get; init; }

    /// <summary>The role's permissions that are not deleted, in the order in which they were given.</summary>
    public IReadOnlyList<Permission> Permissions { get; init; } = [];

    /// <summary>The time of its creation.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>The time of its last change.</summary>
    public required Instant UpdatedAt { get; init; }
}
