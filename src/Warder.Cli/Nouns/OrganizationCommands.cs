using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client.Directory;
using Warder.Contracts.Directory;

namespace Warder.Cli.Nouns;

/// <summary><c>warder organizations</c></summary>
internal static class OrganizationCommands
{
    private static readonly IReadOnlyList<Field<Organization>> Fields =
    [
        new("id", organization => organization.Id, InList: true),
        new("name", organization => organization.Name, InList: true),
        new("external_id", organization => organization.ExternalId, InList: true),
        new("metadata", organization => Shown.Pairs(organization.Metadata)),
        new("created_at", organization => Shown.Time(organization.CreatedAt), InList: true),
        new("updated_at", organization => Shown.Time(organization.UpdatedAt)),
    ];

    public static Command Build(Shell shell)
    {
        var noun = new Noun<Organization>(shell, () => Arguments.Id("The organization: org_…"), Fields);
        return new CliCommand(
            "organizations",
            "Organizations: customers, which own keys.",
            "warder organizations create --name Acme --external-id acme",
            "warder organizations list",
            "warder organizations delete org_… --dry-run")
        {
            Create(noun),
            List(noun),
            noun.Show(
                "Shows one organization.",
                ["warder organizations show org_…", "warder organizations show --external-id acme"],
                Arguments.Text("--external-id", "Your own id for it, in place of ID.", "ID"),
                client => client.Organizations.GetAsync,
                client => client.Organizations.GetByExternalIdAsync),
            Update(noun),
            noun.Delete(
                "Deletes an organization and ends its keys and its members' keys for good.",
                ["warder organizations delete org_…", "warder organizations delete org_… --dry-run"],
                client => client.Organizations.DeleteAsync,
                client => client.Organizations.PreviewDeleteAsync),
        }.Alias("orgs");
    }

    private static CliCommand Create(Noun<Organization> noun)
    {
        var name = Arguments.Required("--name", "Its name.");
        var external = Arguments.Text("--external-id", "Your own id for it.", "ID");
        var metadata = Arguments.Metadata();
        return noun.Create(
            "Creates an organization.",
            ["warder organizations create --name Acme", "warder organizations create --name Acme --external-id 42 --metadata plan=pro"],
            [name, external, metadata],
            call => call.Client.Organizations.CreateAsync(
                new CreateOrganizationRequest { Name = call.Get(name), ExternalId = call.Get(external), Metadata = call.Pairs(metadata) },
                cancellationToken: call.Cancelled));
    }

    private static CliCommand List(Noun<Organization> noun)
    {
        var search = Arguments.Text("--search", "Organizations with this text in their names.");
        return noun.List(
            "Lists organizations, newest first.",
            ["warder organizations list", "warder orgs list --search acme --all"],
            [search],
            call => new OrganizationQuery { Search = call.Get(search) },
            client => client.Organizations.ListAsync);
    }

    private static CliCommand Update(Noun<Organization> noun)
    {
        var name = Arguments.Text("--name", "Its name.");
        var external = Arguments.Text("--external-id", "Your own id for it; \"\" clears it.", "ID");
        var metadata = Arguments.MetadataPatch();
        return noun.Update(
            "Changes the given fields, and leaves the rest.",
            ["warder organizations update org_… --name \"Acme Ltd\"", "warder organizations update org_… --external-id \"\""],
            [name, external, metadata],
            call => new UpdateOrganizationRequest
            {
                Name = call.PatchRequired(name), ExternalId = call.Patch(external), Metadata = call.PatchPairs(metadata),
            },
            client => client.Organizations.UpdateAsync);
    }
}
