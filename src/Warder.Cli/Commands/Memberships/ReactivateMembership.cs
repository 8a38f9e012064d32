using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Memberships;

/// <summary><c>warder memberships reactivate</c></summary>
internal static class ReactivateMembership
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The membership: om_…");
        return new CliCommand(
            "reactivate",
            "Revives the membership and the member's keys.",
            "warder memberships reactivate om_…")
        {
            id,
        }
        .Does(shell, async call =>
        {
            return call.Show(
                MembershipView.Fields, await call.Client.Memberships.ReactivateAsync(call.Parsed.GetValue(id)!, call.Cancelled));
        });
    }
}
