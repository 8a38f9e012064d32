using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Directory;
using Warder.Server.Http;
using Warder.Storage.Directory;

namespace Warder.Server.Directory;

/// <summary>The calls about memberships.</summary>
internal static class MembershipCalls
{
    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var properties = new MembershipProperties(fields.Text("user_id", 64), fields.Text("organization_id", 64), ReadRole(fields));
        if (fields.Fault() is { } fault)
            return fault;
        return await Memberships.Create(call, properties);
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

    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var slug = ReadRole(fields);
        if (slug is null)
            fields.Refuse("role_slug", "required", "Must be given.");
        if (fields.Fault() is { } fault)
            return fault;
        return await MembershipChanges.Update(call, call.Route("id"), slug!);
    }

    public static Task<Result<Answer>> Deactivate(Call call) => MembershipChanges.Deactivate(call, call.Route("id"));

    public static Task<Result<Answer>> Reactivate(Call call) => MembershipChanges.Reactivate(call, call.Route("id"));

    public static Task<Result<Answer>> Delete(Call call) => MembershipChanges.Delete(call, call.Route("id"));

    // A member has one role: role_slug, or WorkOS' list with one element.
    private static string? ReadRole(JsonFields fields)
    {
        var slug = fields.OptionalText("role_slug", Limits.SlugCharacters, 1);
        if (fields.OptionalTexts("role_slugs", 2, Limits.SlugCharacters) is not { } slugs)
            return slug;
        if (slug is not null || slugs.Count != 1)
            fields.Refuse("role_slugs", "invalid_value", "A member has one role: name it in role_slug.");
        return slugs.Count == 1 ? slugs[0] : slug;
    }
}
