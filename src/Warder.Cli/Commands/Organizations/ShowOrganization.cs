using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Organizations;

/// <summary><c>warder organizations show</c></summary>
internal static class ShowOrganization
{
    public static Command Build(Shell shell)
    {
        var id = new Argument<string?>("ID") { Description = "The organization: org_…", Arity = ArgumentArity.ZeroOrOne };
        var external = Arguments.Text("--external-id", "Your own id for it, in place of ID.", "ID");
        return new CliCommand(
            "show",
            "Shows one organization.",
            "warder organizations show org_…",
            "warder organizations show --external-id acme")
        {
            id, external,
        }
        .Does(shell, async call =>
        {
            var (byId, byExternalId) = (call.Parsed.GetValue(id), call.Parsed.GetValue(external));
            if (byId is null == byExternalId is null)
                throw new UsageException("Say which: ID, or --external-id.");
            return call.Show(
                OrganizationView.Fields,
                byId is not null
                    ? await call.Client.Organizations.GetAsync(byId, call.Cancelled)
                    : await call.Client.Organizations.GetByExternalIdAsync(byExternalId!, call.Cancelled));
        });
    }
}
