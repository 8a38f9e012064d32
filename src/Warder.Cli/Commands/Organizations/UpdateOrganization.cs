using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Directory;

namespace Warder.Cli.Commands.Organizations;

/// <summary><c>warder organizations update</c></summary>
internal static class UpdateOrganization
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The organization: org_…");
        var name = Arguments.Text("--name", "Its name.");
        var external = Arguments.Text("--external-id", "Your own id for it; \"\" clears it.", "ID");
        var metadata = Arguments.Metadata();
        return new CliCommand(
            "update",
            "Changes what is named, and leaves the rest.",
            "warder organizations update org_… --name \"Acme Ltd\"",
            "warder organizations update org_… --external-id \"\"")
        {
            id, name, external, metadata,
        }
        .Does(shell, async call =>
        {
            var pairs = call.Parsed.Pairs(metadata);
            var request = new UpdateOrganizationRequest
            {
                Name = call.Parsed.PatchRequired(name),
                ExternalId = call.Parsed.Patch(external),
                Metadata = pairs is null ? default : new(IsPresent: true, pairs),
            };
            if (request == new UpdateOrganizationRequest())
                throw new UsageException("Nothing to change: name at least one of --name, --external-id, --metadata.");
            var organization = await call.Client.Organizations.UpdateAsync(call.Parsed.GetValue(id)!, request, call.Cancelled);
            return call.Show(OrganizationView.Fields, organization);
        });
    }
}
