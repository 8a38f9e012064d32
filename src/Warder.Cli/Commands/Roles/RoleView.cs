using Warder.Cli.Output;
using Warder.Contracts.Access;

namespace Warder.Cli.Commands.Roles;

/// <summary>Roles as people see them.</summary>
internal static class RoleView
{
    public static readonly IReadOnlyList<Field<Role>> Fields =
    [
        new("slug", role => role.Slug, InList: true),
        new("name", role => role.Name, InList: true),
        new("permissions", role => role.Capped ? Shown.Many(role.Permissions) : "(all: not capped)", InList: true),
        new("description", role => role.Description),
        new("id", role => role.Id),
        new("created_at", role => Shown.Time(role.CreatedAt)),
        new("updated_at", role => Shown.Time(role.UpdatedAt)),
    ];
}
