using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Cli.Commands.Keys;

namespace Warder.Cli.Commands.Memberships;

/// <summary><c>warder memberships delete</c></summary>
internal static class DeleteMembership
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The membership: om_…");
        var dryRun = Arguments.DryRun();
        return new CliCommand(
            "delete",
            "Deletes a membership and ends its keys for good; joining again does not revive them.",
            "warder memberships delete om_…",
            "warder memberships delete om_… --dry-run")
        {
            id, dryRun,
        }
        .Does(shell, async call =>
        {
            var it = call.Parsed.GetValue(id)!;
            if (call.Parsed.GetValue(dryRun))
                return call.ShowDryRun(await call.Client.Memberships.PreviewDeleteAsync(it, call.Cancelled), KeyView.Fields);
            await call.Client.Memberships.DeleteAsync(it, call.Cancelled);
            return call.Done($"Deleted {it}.");
        });
    }
}
