using Warder.Core.Directory;
using Warder.Engine.Keys;
using Contract = Warder.Contracts.Access;
using Model = Warder.Core.Access;

namespace Warder.Engine.Access;

/// <summary>From permissions and roles as they are to how they are shown.</summary>
internal static class AccessShapes
{
    /// <summary>What permissions and roles are about, unless they say otherwise.</summary>
    public const string DefaultResourceType = "organization";

    private static readonly (OwnerTypes Type, string Name)[] Owners =
        [(OwnerTypes.Organization, "organization"), (OwnerTypes.User, "user"), (OwnerTypes.Workload, "workload")];

    public static Contract.Permission Of(Model.Permission permission) => new()
    {
        Id = permission.Id,
        Slug = permission.Slug,
        Name = permission.Name,
        Description = permission.Description,
        ResourceTypeSlug = permission.ResourceTypeSlug,
        AllowedOwnerTypes = [.. Owners.Where(owner => (permission.AllowedOwnerTypes & owner.Type) != 0).Select(owner => owner.Name)],
        CreatedAt = KeyShapes.Time(permission.CreatedAt),
        UpdatedAt = KeyShapes.Time(permission.UpdatedAt),
    };

    public static Contract.Role Of(Model.Role role) => new()
    {
        Id = role.Id,
        Slug = role.Slug,
        Name = role.Name,
        Description = role.Description,
        ResourceTypeSlug = role.ResourceTypeSlug,
        Capped = role.Capped,
        Permissions = [.. role.Permissions.Select(permission => permission.Slug)],
        CreatedAt = KeyShapes.Time(role.CreatedAt),
        UpdatedAt = KeyShapes.Time(role.UpdatedAt),
    };

    /// <summary>The kind of owner of a name; <see cref="OwnerTypes.None"/> when there is none.</summary>
    public static OwnerTypes OwnerType(string name) => Array.Find(Owners, owner => owner.Name == name).Type;
}
