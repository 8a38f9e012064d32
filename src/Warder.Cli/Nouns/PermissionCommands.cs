using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts.Access;

namespace Warder.Cli.Nouns;

/// <summary><c>warder permissions</c></summary>
internal static class PermissionCommands
{
    private static readonly IReadOnlyList<Field<Permission>> Fields =
    [
        new("slug", permission => permission.Slug, InList: true),
        new("name", permission => permission.Name, InList: true),
        new("description", permission => permission.Description, InList: true),
        new("allowed_owner_types", permission => Shown.Many(permission.AllowedOwnerTypes), InList: true),
        new("id", permission => permission.Id),
        new("created_at", permission => Shown.Time(permission.CreatedAt)),
        new("updated_at", permission => Shown.Time(permission.UpdatedAt)),
    ];

    public static Command Build(Shell shell)
    {
        var noun = new Noun<Permission>(shell, () => Arguments.Slug("The permission: posts:read"), Fields);
        return new CliCommand(
            "permissions",
            "Permissions: the actions that keys can be allowed to take.",
            "warder permissions create posts:read --name \"Read posts\"",
            "warder permissions list --all")
        {
            Create(noun),
            noun.List("Lists permissions, newest first.", ["warder permissions list --all"], client => client.Permissions.ListAsync),
            noun.Show("Shows one permission.", "warder permissions show posts:read", client => client.Permissions.GetAsync),
            Update(noun),
            noun.Delete(
                "Deletes a permission, from every key and role.",
                ["warder permissions delete posts:read"],
                client => client.Permissions.DeleteAsync),
        };
    }

    private static CliCommand Create(Noun<Permission> noun)
    {
        var slug = Arguments.Slug("The name that programs use: posts:read; up to 48 of a-z0-9:._*-");
        var name = Arguments.Required("--name", "The name that people see; up to 48 characters.");
        var description = Arguments.Text("--description", "The actions that it allows; up to 150 characters.");
        var owners = OwnerTypes("A type of owner whose keys may have it; repeat for more. [default: all]");
        return noun.Create(
            "Registers a permission.",
            [
                "warder permissions create posts:read --name \"Read posts\"",
                "warder permissions create billing:write --name Billing --owner-type organization",
            ],
            [slug, name, description, owners],
            call => call.Client.Permissions.CreateAsync(
                new CreatePermissionRequest
                {
                    Slug = call.Get(slug),
                    Name = call.Get(name),
                    Description = call.Get(description),
                    AllowedOwnerTypes = call.Many(owners),
                },
                cancellationToken: call.Cancelled));
    }

    private static CliCommand Update(Noun<Permission> noun)
    {
        var name = Arguments.Text("--name", "The name that people see.");
        var description = Arguments.Text("--description", "The actions that it allows; \"\" clears it.");
        var owners = OwnerTypes("A type of owner whose keys may have it; repeat for more.");
        return noun.Update(
            "Changes the given fields, and leaves the rest.",
            [
                "warder permissions update posts:read --name \"Read all posts\"",
                "warder permissions update posts:read --owner-type organization",
            ],
            [name, description, owners],
            call => new UpdatePermissionRequest
            {
                Name = call.PatchRequired(name), Description = call.Patch(description), AllowedOwnerTypes = call.PatchMany(owners),
            },
            client => client.Permissions.UpdateAsync);
    }

    private static Option<string[]> OwnerTypes(string description)
        => Arguments.Repeated("--owner-type", description, "organization|user|workload");
}
