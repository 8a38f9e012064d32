using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Access;
using Warder.Engine.Changes;
using Warder.Server.Http;
using Warder.Storage.Access;

namespace Warder.Server.Access;

/// <summary>The calls about permissions.</summary>
internal static class PermissionCalls
{
    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var properties = new PermissionProperties(
            AccessFields.Slug(fields),
            fields.Text("name", Limits.LabelCharacters),
            fields.OptionalText("description", Limits.DescriptionCharacters),
            fields.OptionalText("resource_type_slug", Limits.SlugCharacters, 1) ?? AccessShapes.DefaultResourceType,
            AccessFields.AllowedOwnerTypes(fields) ?? OwnerTypes.All);
        if (fields.Fault() is { } fault)
            return fault;
        return await Permissions.Create(call, properties);
    }

    public static Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.Permission, (session, id) => PermissionTable.Existed(session, call.Environment, id));
        return page.Answer(
            call, query, (session, part) => PermissionTable.List(session, call.Environment, part),
            AccessShapes.Of, permission => permission.Id, WarderJson.Wire.ListPagePermission);
    }

    public static Task<Result<Answer>> Show(Call call)
        => call.Show(
            session => PermissionTable.Find(session, call.Environment, call.Route("slug")), AccessShapes.Of, WarderJson.Wire.Permission,
            "Permission");

    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var patch = new PermissionPatch(
            fields.Has("name") ? fields.Text("name", Limits.LabelCharacters) : null,
            fields.PatchText("description", Limits.DescriptionCharacters),
            AccessFields.AllowedOwnerTypes(fields));
        if (fields.Fault() is { } fault)
            return fault;
        return await Permissions.Update(call, call.Route("slug"), patch);
    }

    public static Task<Result<Answer>> Delete(Call call) => Permissions.Delete(call, call.Route("slug"));
}
