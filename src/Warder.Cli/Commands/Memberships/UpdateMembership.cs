using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Directory;

namespace Warder.Cli.Commands.Memberships;

/// <summary><c>warder memberships update</c></summary>
internal static class UpdateMembership
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The membership: om_…");
        var role = Arguments.Required("--role", "The new role.", "SLUG");
        return new CliCommand(
            "update",
            "Gives the member another role; what their keys can do follows at once.",
            "warder memberships update om_… --role admin")
        {
            id, role,
        }
        .Does(shell, async call =>
        {
            var request = new UpdateMembershipRequest(call.Parsed.GetValue(role)!);
            return call.Show(
                MembershipView.Fields, await call.Client.Memberships.UpdateAsync(call.Parsed.GetValue(id)!, request, call.Cancelled));
        });
    }
}
