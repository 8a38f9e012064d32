using Warder.Core.Directory;
using Warder.Core.Faults;

namespace Warder.Core.Access;

/// <summary>
/// The most permissions that an owner's keys may carry: checked when a key is given permissions. Each validation derives it anew.
/// </summary>
/// <param name="Type">The owner's type.</param>
/// <param name="RolePermissionIds">The permission ids of a capped role; null when nothing caps the owner.</param>
public sealed record Ceiling(OwnerTypes Type, IReadOnlySet<string>? RolePermissionIds)
{
    /// <summary>The ceiling of an owner that may have nothing.</summary>
    public static Ceiling Nothing { get; } = new(OwnerTypes.None, null);

    /// <summary>The ceiling of an organization's own keys.</summary>
    public static Ceiling OfOrganization { get; } = new(OwnerTypes.Organization, null);

    /// <summary>The ceiling of a member's keys.</summary>
    public static Ceiling OfMember(Role role)
        => new(OwnerTypes.User, role.Capped ? role.Permissions.Select(p => p.Id).ToHashSet(StringComparer.Ordinal) : null);

    /// <summary>Whether the owner may have this permission now.</summary>
    public bool Allows(Permission permission)
        => (permission.AllowedOwnerTypes & Type) != 0 && (RolePermissionIds is null || RolePermissionIds.Contains(permission.Id));

    /// <summary>
    /// Resolves requested slugs into permissions that this owner may have: without duplicates, in the order of the request.
    /// </summary>
    /// <param name="slugs">The requested slugs.</param>
    /// <param name="registered">The environment's permission of a slug, or null.</param>
    /// <returns>The permissions, or a fault that names each refused slug and the reason.</returns>
    public Result<IReadOnlyList<Permission>> Resolve(IReadOnlyList<string> slugs, Func<string, Permission?> registered)
    {
        var permissions = new List<Permission>(slugs.Count);
        List<FieldFault>? faults = null;
        for (var i = 0; i < slugs.Count; i++)
        {
            var permission = registered(slugs[i]);
            if (permission is null)
                (faults ??= []).Add(new($"permissions[{i}]", "unknown_permission", $"'{slugs[i]}' is not a registered permission."));
            else if ((permission.AllowedOwnerTypes & Type) == 0)
                (faults ??= []).Add(new(
                    $"permissions[{i}]", "permission_not_allowed_for_owner", $"'{slugs[i]}' may not be given to keys of this owner type."));
            else if (!Allows(permission))
                (faults ??= []).Add(new($"permissions[{i}]", "exceeds_owner", $"The owner's role does not have '{slugs[i]}'."));
            else if (!permissions.Exists(p => string.Equals(p.Id, permission.Id, StringComparison.Ordinal)))
                permissions.Add(permission);
        }

        if (faults is not null)
            return Fault.Invalid(faults);
        return permissions;
    }
}
