using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Directory;

namespace Warder.Cli.Commands.Organizations;

/// <summary><c>warder organizations create</c></summary>
internal static class CreateOrganization
{
    public static Command Build(Shell shell)
    {
        var name = Arguments.Required("--name", "Its name.");
        var external = Arguments.Text("--external-id", "Your own id for it.", "ID");
        var metadata = Arguments.Metadata();
        return new CliCommand(
            "create",
            "Creates an organization.",
            "warder organizations create --name Acme",
            "warder organizations create --name Acme --external-id 42 --metadata plan=pro")
        {
            name, external, metadata,
        }
        .Does(shell, async call =>
        {
            var request = new CreateOrganizationRequest
            {
                Name = call.Parsed.GetValue(name)!,
                ExternalId = call.Parsed.GetValue(external),
                Metadata = call.Parsed.Pairs(metadata),
            };
            return call.Show(OrganizationView.Fields, await call.Client.Organizations.CreateAsync(request, cancellationToken: call.Cancelled));
        });
    }
}
