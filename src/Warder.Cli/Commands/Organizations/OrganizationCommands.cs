using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Organizations;

/// <summary><c>warder organizations</c></summary>
internal static class OrganizationCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "organizations",
        "Organizations: customers, who own keys.",
        "warder organizations create --name Acme --external-id acme",
        "warder organizations list",
        "warder organizations delete org_… --dry-run")
    {
        CreateOrganization.Build(shell),
        ListOrganizations.Build(shell),
        ShowOrganization.Build(shell),
        UpdateOrganization.Build(shell),
        DeleteOrganization.Build(shell),
    }.Alias("orgs");
}
