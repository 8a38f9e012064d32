using Warder.Core.Directory;
using Warder.Engine.Keys;
using Contract = Warder.Contracts.Access;
using Model = Warder.Core.Access;

namespace Warder.Engine.Access;

/// <summary>Converts permissions and roles to the form that answers show.</summary>
internal static class AccessShapes
{
    /// <summary>The default resource type of permissions and roles.</summary>
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

    /// <summary>Parses the name of an owner type.</summary>
    /// <returns><see cref="OwnerTypes.None"/>: there is none of that name.</returns>
    public static OwnerTypes OwnerType(string name) => Array.Find(Owners, owner => owner.Name == name).Type;
}
