using Warder.Cli.Output;
using Warder.Contracts.Access;

namespace Warder.Cli.Commands.Permissions;

/// <summary>Permissions as people see them.</summary>
internal static class PermissionView
{
    public static readonly IReadOnlyList<Field<Permission>> Fields =
    [
        new("slug", permission => permission.Slug, InList: true),
        new("name", permission => permission.Name, InList: true),
        new("description", permission => permission.Description, InList: true),
        new("allowed_owner_types", permission => Shown.Many(permission.AllowedOwnerTypes), InList: true),
        new("id", permission => permission.Id),
        new("created_at", permission => Shown.Time(permission.CreatedAt)),
        new("updated_at", permission => Shown.Time(permission.UpdatedAt)),
    ];
}
