using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts.Access;

namespace Warder.Cli.Nouns;

/// <summary><c>warder roles</c></summary>
internal static class RoleCommands
{
    private static readonly IReadOnlyList<Field<Role>> Fields =
    [
        new("slug", role => role.Slug, InList: true),
        new("name", role => role.Name, InList: true),
        new("permissions", role => role.Capped ? Shown.Many(role.Permissions) : "(all: not capped)", InList: true),
        new("description", role => role.Description),
        new("id", role => role.Id),
        new("created_at", role => Shown.Time(role.CreatedAt)),
        new("updated_at", role => Shown.Time(role.UpdatedAt)),
    ];

    public static Command Build(Shell shell)
    {
        var noun = new Noun<Role>(shell, () => Arguments.Slug("The role: editor"), Fields);
        return new CliCommand(
            "roles",
            "Roles: named sets of permissions, which cap the permissions of members' keys.",
            "warder roles create editor --name Editor",
            "warder roles grant editor --permission posts:write",
            "warder roles set-permissions member --permission posts:read")
        {
            Create(noun),
            noun.List("Lists roles, newest first.", ["warder roles list"], client => client.Roles.ListAsync),
            noun.Show("Shows one role.", "warder roles show editor", client => client.Roles.GetAsync),
            Update(noun),
            noun.Delete("Deletes a role that no member holds.", ["warder roles delete editor"], client => client.Roles.DeleteAsync),
            Grant(noun),
            Withdraw(noun),
            SetPermissions(noun),
        };
    }

    private static CliCommand Create(Noun<Role> noun)
    {
        var slug = Arguments.Slug("The name that programs use: editor; up to 48 of a-z0-9:._*-");
        var name = Arguments.Required("--name", "The name that people see; up to 48 characters.");
        var description = Arguments.Text("--description", "Its intended holders; up to 150 characters.");
        return noun.Create(
            "Creates a role, with no permissions.",
            ["warder roles create editor --name Editor"],
            [slug, name, description],
            call => call.Client.Roles.CreateAsync(
                new CreateRoleRequest { Slug = call.Get(slug), Name = call.Get(name), Description = call.Get(description) },
                cancellationToken: call.Cancelled));
    }

    private static CliCommand Update(Noun<Role> noun)
    {
        var name = Arguments.Text("--name", "The name that people see.");
        var description = Arguments.Text("--description", "Its intended holders; \"\" clears it.");
        return noun.Update(
            "Changes name or description.",
            ["warder roles update editor --name \"Senior editor\""],
            [name, description],
            call => new UpdateRoleRequest { Name = call.PatchRequired(name), Description = call.Patch(description) },
            client => client.Roles.UpdateAsync);
    }

    private static CliCommand Grant(Noun<Role> noun)
    {
        var permissions = Arguments.Permissions("A permission to add; repeat for more.");
        permissions.Required = true;
        return noun.On(
            "grant",
            "Adds permissions to a role, and caps it.",
            ["warder roles grant editor --permission posts:write"],
            [permissions],
            (call, slug) => call.Client.Roles.GrantAsync(slug, call.Get(permissions), call.Cancelled));
    }

    private static CliCommand Withdraw(Noun<Role> noun)
    {
        var permission = Arguments.Required("--permission", "The permission to remove.", "SLUG");
        return noun.On(
            "withdraw",
            "Removes one permission from a role; its members' keys follow at once.",
            ["warder roles withdraw editor --permission posts:write"],
            [permission],
            (call, slug) => call.Client.Roles.WithdrawAsync(slug, call.Get(permission), call.Cancelled));
    }

    private static CliCommand SetPermissions(Noun<Role> noun)
    {
        var permissions = Arguments.Permissions("A permission that its members may have; repeat for more.");
        var none = Arguments.Flag("--none", "No permissions.");
        return noun.On(
            "set-permissions",
            "Replaces a role's permissions and caps it; its members' keys follow at once.",
            ["warder roles set-permissions member --permission posts:read", "warder roles set-permissions member --none"],
            [permissions, none],
            (call, slug) =>
            {
                var slugs = call.Many(permissions);
                return slugs is null == call.Get(none)
                    ? call.Client.Roles.SetPermissionsAsync(slug, slugs ?? [], call.Cancelled)
                    : throw new UsageException("Give either --permission, once or more, or --none.");
            });
    }
}
