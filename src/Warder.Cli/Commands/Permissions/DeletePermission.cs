using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Permissions;

/// <summary><c>warder permissions delete</c></summary>
internal static class DeletePermission
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("The permission: posts:read");
        return new CliCommand(
            "delete",
            "Deletes a permission, from every key and role.",
            "warder permissions delete posts:read")
        {
            id,
        }
        .Does(shell, async call =>
        {
            var it = call.Parsed.GetValue(id)!;
            await call.Client.Permissions.DeleteAsync(it, call.Cancelled);
            return call.Done($"Deleted {it}.");
        });
    }
}
