using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Roles;

/// <summary><c>warder roles delete</c></summary>
internal static class DeleteRole
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Slug("The role: editor");
        return new CliCommand(
            "delete",
            "Deletes a role that no member holds.",
            "warder roles delete editor")
        {
            id,
        }
        .Does(shell, async call =>
        {
            var it = call.Parsed.GetValue(id)!;
            await call.Client.Roles.DeleteAsync(it, call.Cancelled);
            return call.Done($"Deleted {it}.");
        });
    }
}
