using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Memberships;

/// <summary><c>warder memberships</c></summary>
internal static class MembershipCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "memberships",
        "Memberships: users' places in organizations.",
        "warder memberships create --user user_… --org org_… --role member",
        "warder memberships deactivate om_… --dry-run")
    {
        CreateMembership.Build(shell),
        ListMemberships.Build(shell),
        ShowMembership.Build(shell),
        UpdateMembership.Build(shell),
        DeactivateMembership.Build(shell),
        ReactivateMembership.Build(shell),
        DeleteMembership.Build(shell),
    }.Alias("members");
}
