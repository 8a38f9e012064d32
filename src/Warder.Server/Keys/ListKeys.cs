using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Keys;

namespace Warder.Server.Keys;

/// <summary>Lists keys: those of an owner, as the WorkOS API does, or all keys with the filters of governance.</summary>
internal static class ListKeys
{
    /// <summary>The filters of the list of all keys.</summary>
    public static readonly IReadOnlyList<QueryField> Filters =
    [
        new("organization_id", "Only those of this organization and of its members."), new("user_id", "Only those of this user."),
        new("status", "active, suspended, owner_inactive, expired or revoked."),
        new("permission", "Only those that were granted the permission with this slug."),
        new("created_by", "Only those that this management key issued."),
        new("responsible_user_id", "Only those for which this user answers."),
        new("expires_before", "Only those that end before this time."),
        new("unused_since", "Only those from before this time that were not used since; ended ones only with status."),
    ];

    public static Task<Result<Answer>> OfOrganization(Call call)
    {
        var organizationId = call.Route("organizationId");
        var query = call.Query();
        var page = Page(call, query);
        return List(call, query, page, session => OrganizationTable.Find(session, call.Environment, organizationId) is null
            ? Fault.NotFound("Organization")
            : new KeyFilter { OrganizationId = organizationId, OrganizationOwnedOnly = true });
    }

    public static Task<Result<Answer>> OfUser(Call call)
    {
        var userId = call.Route("userId");
        var query = call.Query();
        var page = Page(call, query);
        var organizationId = query.Text("organization_id");
        return List(call, query, page, session => UserTable.Find(session, call.Environment, userId) is null
            ? Fault.NotFound("User")
            : new KeyFilter { UserId = userId, OrganizationId = organizationId });
    }

    public static Task<Result<Answer>> All(Call call)
    {
        var query = call.Query();
        var page = Page(call, query);
        var permission = query.Text("permission");
        var status = query.Text("status");
        var filter = new KeyFilter
        {
            OrganizationId = query.Text("organization_id"),
            UserId = query.Text("user_id"),
            Status = status is null ? null : KeyShapes.Parse(status),
            CreatedBy = query.Text("created_by"),
            ResponsibleUserId = query.Text("responsible_user_id"),
            ExpiresBefore = query.Time("expires_before"),
            UnusedSince = query.Time("unused_since"),
            Deleted = true,
        };
        if (status is not null && filter.Status is null)
            query.Refuse("status", "invalid_value", "Must be active, suspended, owner_inactive, expired or revoked.");
        // Ended keys are unused by definition. They are listed on request only.
        filter = filter with { NotEnded = filter.UnusedSince is not null && status is null };
        return List(call, query, page, session =>
        {
            if (permission is null)
                return filter;
            return PermissionTable.Find(session, call.Environment, permission) is { } registered
                ? filter with { PermissionId = registered.Id }
                : Fault.Field("permission", "unknown_permission", $"'{permission}' is not a registered permission.");
        });
    }

    private static ListRequest Page(Call call, QueryFields query)
        => query.Page(IdKind.ApiKey, (session, id) => KeyTable.Existed(session, call.Environment, id));

    private static async Task<Result<Answer>> List(Call call, QueryFields query, ListRequest page, Func<Session, Result<KeyFilter>> filter)
    {
        if (query.Fault() is { } invalid)
            return invalid;
        var now = call.Clock.Now();
        var result = await call.ReadInLane(session =>
        {
            var chosen = filter(session);
            return chosen.Fault is { } fault
                ? fault
                : page.Read(session, part => KeyTable.List(session, call.Environment, chosen.Value, part, now));
        });
        return result.Fault is { } refused
            ? refused
            : Answer.Ok(page.Shape(result.Value, key => KeyShapes.Of(key, now), key => key.Id), WarderJson.Wire.ListPageApiKey);
    }
}
