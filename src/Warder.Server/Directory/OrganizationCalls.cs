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
    private static readonly string[] Ignored = ["domains", "domain_data", "allow_profiles_outside_organization", "stripe_customer_id"];

    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var properties = new OrganizationProperties(
            fields.Text("name", Limits.NameCharacters),
            fields.OptionalText("external_id", Limits.ExternalIdCharacters, 1),
            fields.OptionalMetadata("metadata"));
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
        query.Texts("domains", Limits.PageItems);
        return page.Answer(
            call, query, (session, part) => OrganizationTable.List(session, call.Environment, search, part),
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
            fields.PatchMetadata("metadata"));
        fields.Ignore(Ignored);
        if (fields.Fault() is { } fault)
            return fault;
        return await Organizations.Update(call, call.Route("id"), patch);
    }

    public static Task<Result<Answer>> Delete(Call call) => Organizations.Delete(call, call.Route("id"));

    private static Task<Result<Answer>> Show(Call call, Func<Session, Organization?> find)
        => call.Show(find, DirectoryShapes.Of, WarderJson.Wire.Organization, "Organization");
}
