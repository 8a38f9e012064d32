using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Directory;
using Warder.Engine.Events;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage.Access;
using Warder.Storage.Directory;

namespace Warder.Server.Directory;

/// <summary>Memberships: the users' places in organizations.</summary>
internal static class Memberships
{
    private const string DefaultRole = "member";

    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var (userId, organizationId) = (fields.Text("user_id", 64), fields.Text("organization_id", 64));
        var slug = RoleSlug(fields) ?? DefaultRole;
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            if (UserTable.Find(context.Session, call.Environment, userId) is null)
                return Fault.Field("user_id", "not_found", "There is no such user.");
            if (OrganizationTable.Find(context.Session, call.Environment, organizationId) is not { } organization)
                return Fault.Field("organization_id", "not_found", "There is no such organization.");
            if (RoleTable.Find(context.Session, call.Environment, slug) is not { } role)
                return Fault.Field("role_slug", "not_found", "There is no such role.");
            if (MembershipTable.Find(context.Session, call.Environment, userId, organizationId) is not null)
                return Fault.Conflict("organization_membership_already_exists", "The user is a member of this organization already.");
            var membership = new Membership
            {
                Id = call.NewId(IdKind.Membership, context),
                Environment = call.Environment,
                UserId = userId,
                OrganizationId = organizationId,
                OrganizationName = organization.Name,
                RoleId = role.Id,
                RoleSlug = role.Slug,
                Status = MembershipStatus.Active,
                CreatedAt = context.Now,
                UpdatedAt = context.Now,
            };
            MembershipTable.Insert(context.Session, membership);
            var shape = DirectoryShapes.Of(membership);
            call.Append(context, EventTypes.MembershipCreated, EventData.Of(shape, WarderJson.Wire.Membership), organizationId);
            return Answer.Created(shape, WarderJson.Wire.Membership);
        });
    }

    public static Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.Membership, (session, id) => MembershipTable.Existed(session, call.Environment, id));
        var (userId, organizationId) = (query.Text("user_id"), query.Text("organization_id"));
        var names = query.Texts("statuses", 3);
        if (names.Any(name => name is not ("active" or "inactive" or "pending")))
            query.Refuse("statuses", "invalid_value", "Must be of active, inactive, pending.");
        List<MembershipStatus>? statuses = names.Count == 0
            ? null
            : [.. names.Where(name => name != "pending").Select(
                name => name == "active" ? MembershipStatus.Active : MembershipStatus.Inactive)];
        return page.Answer(
            call, query, (session, part) => MembershipTable.List(session, call.Environment, userId, organizationId, statuses, part),
            DirectoryShapes.Of, membership => membership.Id, WarderJson.Wire.ListPageMembership);
    }

    public static Task<Result<Answer>> Show(Call call)
        => call.Show(
            session => MembershipTable.Find(session, call.Environment, call.Route("id")), DirectoryShapes.Of, WarderJson.Wire.Membership,
            "Organization membership");

    /// <summary>Reads the one role of a member: <c>role_slug</c>, or WorkOS' list with one element.</summary>
    public static string? RoleSlug(JsonFields fields)
    {
        var slug = fields.OptionalText("role_slug", Limits.SlugCharacters, 1);
        if (fields.OptionalTexts("role_slugs", 2, Limits.SlugCharacters) is not { } slugs)
            return slug;
        if (slug is not null || slugs.Count != 1)
            fields.Refuse("role_slugs", "invalid_value", "A member has one role: name it in role_slug.");
        return slugs.Count == 1 ? slugs[0] : slug;
    }
}
