using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Directory;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Directory;

namespace Warder.Server.Directory;

/// <summary>The calls about organizations.</summary>
internal static class OrganizationCalls
{
    private static readonly string[] Ignored = ["allow_profiles_outside_organization", "stripe_customer_id"];

    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var properties = new OrganizationProperties(
            fields.Text("name", Limits.NameCharacters),
            fields.OptionalText("external_id", Limits.ExternalIdCharacters, 1),
            fields.OptionalMetadata("metadata"),
            ReadDomains(fields));
        fields.Ignore(Ignored);
        if (fields.Fault() is { } fault)
            return fault;
        return await Organizations.Create(call, properties);
    }

    public static Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.Organization, (session, id) => OrganizationTable.Existed(session, call.Environment, id));
        var search = query.Text("search", Limits.SearchCharacters);
        var domains = ReadDomains(query);
        return page.Answer(
            call, query, (session, part) => OrganizationTable.List(session, call.Environment, search, domains, part),
            DirectoryShapes.Of, organization => organization.Id, WarderJson.Wire.ListPageOrganization);
    }

    public static Task<Result<Answer>> Show(Call call)
        => Show(call, session => OrganizationTable.Find(session, call.Environment, call.Route("id")));

    public static Task<Result<Answer>> ShowByExternalId(Call call)
        => Show(call, session => OrganizationTable.FindByExternalId(session, call.Environment, call.Route("externalId")));

    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var patch = new OrganizationPatch(
            fields.Has("name") ? fields.Text("name", Limits.NameCharacters) : null,
            fields.PatchText("external_id", Limits.ExternalIdCharacters, 1),
            fields.PatchMetadata("metadata"),
            ReadDomains(fields));
        fields.Ignore(Ignored);
        if (fields.Fault() is { } fault)
            return fault;
        return await Organizations.Update(call, call.Route("id"), patch);
    }

    public static Task<Result<Answer>> Delete(Call call) => Organizations.Delete(call, call.Route("id"));

    // WorkOS' list of objects, or its older list of names.
    private static IReadOnlyList<WantedDomain>? ReadDomains(JsonFields fields)
    {
        var names = fields.OptionalTexts("domains", Limits.DomainsPerOrganization, DomainName.MaxCharacters);
        var objects = fields.OptionalObjects("domain_data", Limits.DomainsPerOrganization);
        if (names is not null && objects is not null)
            fields.Refuse("domains", "invalid_value", "Give domains or domain_data, not both.");
        var wanted = new List<WantedDomain>();
        for (var i = 0; i < names?.Count; i++)
            Add(fields, $"domains[{i}]", names[i], null);
        foreach (var (item, i) in objects?.Select(static (item, i) => (item, i)) ?? [])
        {
            var name = item.Text("domain", DomainName.MaxCharacters);
            var state = item.Text("state", 20);
            if (state.Length > 0 && state is not ("pending" or "verified"))
                item.Refuse("state", "invalid_value", "Must be pending or verified.");
            item.Unknown();
            Add(fields, $"domain_data[{i}].domain", name, state == "verified" ? DomainState.Verified : DomainState.Pending);
        }

        return names is null && objects is null ? null : wanted;

        void Add(JsonFields fields, string field, string text, DomainState? state)
        {
            if (text.Length == 0)
                return;
            if (DomainName.Read(text) is not { } name)
                fields.Refuse(field, "invalid_format", "Must be a domain name such as example.com, in its ASCII form.");
            else if (wanted.Exists(other => other.Domain == name))
                fields.Refuse(field, "invalid_value", "A domain is named once.");
            else
                wanted.Add(new WantedDomain(name, state));
        }
    }

    private static IReadOnlyList<string>? ReadDomains(QueryFields query)
    {
        var names = query.Texts("domains", Limits.PageItems);
        var domains = names.Select(DomainName.Read).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (names.Any(name => DomainName.Read(name) is null))
            query.Refuse("domains", "invalid_format", "Must be domain names such as example.com, in their ASCII form.");
        return names.Count == 0 ? null : domains;
    }

    private static Task<Result<Answer>> Show(Call call, Func<Session, Organization?> find)
        => call.Show(find, DirectoryShapes.Of, WarderJson.Wire.Organization, "Organization");
}
