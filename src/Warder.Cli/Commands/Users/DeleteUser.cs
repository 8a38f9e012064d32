using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Cli.Commands.Keys;

namespace Warder.Cli.Commands.Users;

/// <summary><c>warder users delete</c></summary>
internal static class DeleteUser
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The user: user_…");
        var dryRun = Arguments.DryRun();
        return new CliCommand(
            "delete",
            "Deletes a user and ends their keys for good.",
            "warder users delete user_…",
            "warder users delete user_… --dry-run")
        {
            id, dryRun,
        }
        .Does(shell, async call =>
        {
            var it = call.Parsed.GetValue(id)!;
            if (call.Parsed.GetValue(dryRun))
                return call.ShowDryRun(await call.Client.Users.PreviewDeleteAsync(it, call.Cancelled), KeyView.Fields);
            await call.Client.Users.DeleteAsync(it, call.Cancelled);
            return call.Done($"Deleted {it}.");
        });
    }
}
