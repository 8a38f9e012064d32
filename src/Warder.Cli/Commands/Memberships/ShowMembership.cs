using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Memberships;

/// <summary><c>warder memberships show</c></summary>
internal static class ShowMembership
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The membership: om_…");
        return new CliCommand("show", "Shows one membership.", "warder memberships show om_…") { id }
            .Does(shell, async call => call.Show(MembershipView.Fields, await call.Client.Memberships.GetAsync(call.Parsed.GetValue(id)!, call.Cancelled)));
    }
}
