using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Directory;
using Warder.Engine.Events;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Server.Keys;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Server.Directory;

/// <summary>Organizations: the customers.</summary>
internal static class Organizations
{
    private static readonly string[] Ignored = ["domains", "domain_data", "allow_profiles_outside_organization", "stripe_customer_id"];

    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var name = fields.Text("name", Limits.NameCharacters);
        var externalId = fields.OptionalText("external_id", Limits.ExternalIdCharacters, 1);
        var metadata = fields.OptionalMetadata("metadata");
        fields.Ignore(Ignored);
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            if (ExternalIdTaken(call, context, externalId, null) is { } taken)
                return taken;
            var organization = new Organization
            {
                Id = call.NewId(IdKind.Organization, context),
                Environment = call.Environment,
                Name = name,
                ExternalId = externalId,
                Metadata = metadata ?? new Dictionary<string, string>(),
                CreatedAt = context.Now,
                UpdatedAt = context.Now,
            };
            OrganizationTable.Insert(context.Session, organization);
            var shape = DirectoryShapes.Of(organization);
            call.Append(context, EventTypes.OrganizationCreated, EventData.Of(shape, WarderJson.Wire.Organization), organization.Id);
            return Answer.Created(shape, WarderJson.Wire.Organization);
        });
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
        var name = fields.Has("name") ? fields.Text("name", Limits.NameCharacters) : null;
        var (externalGiven, externalId) = (fields.Has("external_id"), fields.OptionalText("external_id", Limits.ExternalIdCharacters, 1));
        var (metadataGiven, metadata) = (fields.Has("metadata"), fields.OptionalMetadata("metadata"));
        fields.Ignore(Ignored);
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            if (OrganizationTable.Find(context.Session, call.Environment, call.Route("id"), RowLock.Update) is not { } before)
                return NotFound;
            if (ExternalIdTaken(call, context, externalId, before.Id) is { } taken)
                return taken;
            var after = before with
            {
                Name = name ?? before.Name,
                ExternalId = externalGiven ? externalId : before.ExternalId,
                Metadata = metadataGiven ? metadata ?? new Dictionary<string, string>() : before.Metadata,
                UpdatedAt = context.Now,
            };
            OrganizationTable.Update(context.Session, after);
            var data = EventData.OfChange(DirectoryShapes.Of(before), DirectoryShapes.Of(after), WarderJson.Wire.Organization);
            call.Append(context, EventTypes.OrganizationUpdated, data, after.Id);
            return Answer.Ok(DirectoryShapes.Of(after), WarderJson.Wire.Organization);
        });
    }

    public static async Task<Result<Answer>> Delete(Call call)
    {
        var id = call.Route("id");
        var keys = KeyEndings.OfOrganization(call.Environment, id);
        if (call.DryRun)
        {
            return await OwnerEnding.DryRun(call, (session, now) => OrganizationTable.Find(session, call.Environment, id) is null
                ? NotFound
                : (new KeyFilter { OrganizationId = id }, keys.Count(session, now)));
        }

        var tally = await OwnerEnding.TallyKeys(call, _ => keys);
        return await call.Change(context =>
        {
            if (OrganizationTable.Find(context.Session, call.Environment, id, RowLock.Update) is not { } organization)
                return NotFound;
            MembershipTable.HoldOfOrganization(context.Session, id);
            var ended = keys.Count(context.Session, context.Now, tally);
            OrganizationTable.Delete(context.Session, organization, context.Now);
            MembershipTable.DeleteOf(context.Session, null, id, context.Now);
            var data = EventData.Of(DirectoryShapes.Of(organization), WarderJson.Wire.Organization).WithKeysEnded(ended);
            call.Append(context, EventTypes.OrganizationDeleted, data, id, new CacheDelta(CacheDeltaKind.OrganizationEnded, id));
            return Answer.NoContent;
        });
    }

    private static Fault NotFound => Fault.NotFound("Organization");

    private static Task<Result<Answer>> Show(Call call, Func<Session, Organization?> find)
        => call.Show(find, DirectoryShapes.Of, WarderJson.Wire.Organization, "Organization");

    private static Fault? ExternalIdTaken(Call call, CommandContext context, string? externalId, string? self)
        => externalId is not null && OrganizationTable.FindByExternalId(context.Session, call.Environment, externalId) is { } other
            && other.Id != self
            ? Fault.Field("external_id", "external_id_already_used", "Another organization has this external id.")
            : null;
}
