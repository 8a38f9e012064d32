using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Cli.Commands.Keys;

namespace Warder.Cli.Commands.Memberships;

/// <summary><c>warder memberships deactivate</c></summary>
internal static class DeactivateMembership
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The membership: om_…");
        var dryRun = Arguments.DryRun();
        return new CliCommand(
            "deactivate",
            "Suspends the membership, and the member's keys with it.",
            "warder memberships deactivate om_…",
            "warder memberships deactivate om_… --dry-run")
        {
            id, dryRun,
        }
        .Does(shell, async call =>
        {
            var it = call.Parsed.GetValue(id)!;
            return call.Parsed.GetValue(dryRun)
                ? call.ShowDryRun(await call.Client.Memberships.PreviewDeactivateAsync(it, call.Cancelled), KeyView.Fields)
                : call.Show(MembershipView.Fields, await call.Client.Memberships.DeactivateAsync(it, call.Cancelled));
        });
    }
}
