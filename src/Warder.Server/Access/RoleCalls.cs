using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Access;
using Warder.Engine.Changes;
using Warder.Server.Http;
using Warder.Storage.Access;

namespace Warder.Server.Access;

/// <summary>The calls about roles and their permissions.</summary>
internal static class RoleCalls
{
    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var properties = new RoleProperties(
            AccessFields.Slug(fields),
            fields.Text("name", Limits.LabelCharacters),
            fields.OptionalText("description", Limits.DescriptionCharacters),
            fields.OptionalText("resource_type_slug", Limits.SlugCharacters, 1) ?? AccessShapes.DefaultResourceType);
        if (fields.Fault() is { } fault)
            return fault;
        return await Roles.Create(call, properties);
    }

    public static Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.Role, (session, id) => RoleTable.Existed(session, call.Environment, id));
        // WorkOS' list of roles has no pages, and its SDKs send no cursor.
        if (query.Text("limit") is null)
            page = page with { Page = page.Page with { Limit = Limits.PageItems } };
        return page.Answer(
            call, query, (session, part) => RoleTable.List(session, call.Environment, part),
            AccessShapes.Of, role => role.Id, WarderJson.Wire.ListPageRole);
    }

    public static Task<Result<Answer>> Show(Call call)
        => call.Show(
            session => RoleTable.Find(session, call.Environment, call.Route("slug")), AccessShapes.Of, WarderJson.Wire.Role, "Role");

    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var patch = new RolePatch(
            fields.Has("name") ? fields.Text("name", Limits.LabelCharacters) : null,
            fields.PatchText("description", Limits.DescriptionCharacters));
        if (fields.Fault() is { } fault)
            return fault;
        return await Roles.Update(call, call.Route("slug"), patch);
    }

    public static Task<Result<Answer>> Delete(Call call) => Roles.Delete(call, call.Route("slug"));

    public static async Task<Result<Answer>> ReplacePermissions(Call call)
    {
        var fields = call.Body();
        var slugs = Slugs(fields);
        if (slugs is null)
            fields.Refuse("permissions", "required", "Must be given.");
        if (fields.Fault() is { } fault)
            return fault;
        return await RolePermissions.Replace(call, call.Route("slug"), slugs!);
    }

    public static async Task<Result<Answer>> AddPermissions(Call call)
    {
        var fields = call.Body();
        var slugs = Slugs(fields);
        var slug = fields.OptionalText("slug", Limits.SlugCharacters, 1);
        if (slugs is null == slug is null)
            fields.Refuse("permissions", "required", "Give either permissions or slug.");
        if (fields.Fault() is { } fault)
            return fault;
        return await RolePermissions.Add(call, call.Route("slug"), slugs ?? [slug!], slug is null ? "permissions" : "slug");
    }

    public static Task<Result<Answer>> RemovePermission(Call call)
        => RolePermissions.Remove(call, call.Route("slug"), call.Route("permissionSlug"));

    private static IReadOnlyList<string>? Slugs(JsonFields fields)
        => fields.OptionalTexts("permissions", Limits.PermissionsPerRole, Limits.SlugCharacters);
}
