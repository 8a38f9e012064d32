using Warder.Core.Access;
using Warder.Core.Faults;
using Warder.Engine.Changes;
using Warder.Server.Http;
using Warder.Storage.Access;
using Warder.Storage.Journal;

namespace Warder.Server.Access;

/// <summary>The permissions of a role. The first call here caps an uncapped role, even with an empty list.</summary>
internal static class RolePermissions
{
    public static async Task<Result<Answer>> Replace(Call call)
    {
        var fields = call.Body();
        var slugs = Slugs(fields);
        if (slugs is null)
            fields.Refuse("permissions", "required", "Must be given.");
        if (fields.Fault() is { } fault)
            return fault;
        return await Roles.Change(call, (context, role) =>
        {
            var permissions = Resolve(call, context, slugs!, "permissions");
            return permissions.Fault is { } refused ? refused : role with { Capped = true, Permissions = permissions.Value };
        });
    }

    public static async Task<Result<Answer>> Add(Call call)
    {
        var fields = call.Body();
        var slugs = Slugs(fields);
        var slug = fields.OptionalText("slug", Limits.SlugCharacters, 1);
        if (slugs is null == slug is null)
            fields.Refuse("permissions", "required", "Give either permissions or slug.");
        if (fields.Fault() is { } fault)
            return fault;
        return await Roles.Change(call, (context, role) =>
        {
            var added = Resolve(call, context, slugs ?? [slug!], slug is null ? "permissions" : "slug");
            if (added.Fault is { } refused)
                return refused;
            List<Permission> permissions = [.. role.Permissions.Concat(added.Value).DistinctBy(permission => permission.Id)];
            return permissions.Count > Limits.PermissionsPerRole
                ? Fault.Field("permissions", "too_many", $"A role holds at most {Limits.PermissionsPerRole} permissions.")
                : role with { Capped = true, Permissions = permissions };
        });
    }

    public static Task<Result<Answer>> Remove(Call call)
    {
        var slug = call.Route("permissionSlug");
        return Roles.Change(call, (_, role) => role.Permissions.Any(permission => permission.Slug == slug)
            ? role with { Capped = true, Permissions = [.. role.Permissions.Where(permission => permission.Slug != slug)] }
            : Fault.NotFound("Permission of this role"));
    }

    private static IReadOnlyList<string>? Slugs(JsonFields fields)
        => fields.OptionalTexts("permissions", Limits.PermissionsPerRole, Limits.SlugCharacters);

    private static Result<IReadOnlyList<Permission>> Resolve(Call call, CommandContext context, IReadOnlyList<string> slugs, string field)
    {
        var permissions = new List<Permission>(slugs.Count);
        var faults = new List<FieldFault>();
        for (var i = 0; i < slugs.Count; i++)
        {
            if (PermissionTable.Find(context.Session, call.Environment, slugs[i]) is not { } permission)
                faults.Add(
                    new FieldFault(
                        field == "slug" ? field : $"{field}[{i}]", "unknown_permission", $"'{slugs[i]}' is not a registered permission."));
            else if (!permissions.Exists(other => other.Id == permission.Id))
                permissions.Add(permission);
        }

        if (faults.Count > 0)
            return Fault.Invalid(faults);
        return permissions;
    }
}
