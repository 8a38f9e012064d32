using Warder.Contracts;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Access;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Access;

namespace Warder.Server.Access;

/// <summary>Permissions: the slugs that keys may carry.</summary>
internal static class Permissions
{
    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var (slug, name) = (AccessFields.Slug(fields), fields.Text("name", Limits.LabelCharacters));
        var description = fields.OptionalText("description", Limits.DescriptionCharacters);
        var resourceType = fields.OptionalText("resource_type_slug", Limits.SlugCharacters, 1) ?? AccessShapes.DefaultResourceType;
        var allowed = AccessFields.AllowedOwnerTypes(fields) ?? OwnerTypes.All;
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            if (PermissionTable.Find(context.Session, call.Environment, slug) is not null)
                return Fault.Conflict("permission_slug_conflict", $"There is a permission '{slug}' already.");
            var permission = new Permission
            {
                Id = call.NewId(IdKind.Permission, context),
                Environment = call.Environment,
                Slug = slug,
                Name = name,
                Description = description,
                ResourceTypeSlug = resourceType,
                AllowedOwnerTypes = allowed,
                CreatedAt = context.Now,
                UpdatedAt = context.Now,
            };
            PermissionTable.Insert(context.Session, permission);
            var shape = AccessShapes.Of(permission);
            call.Append(context, EventTypes.PermissionCreated, EventData.Of(shape, WarderJson.Wire.Permission), null);
            return Answer.Created(shape, WarderJson.Wire.Permission);
        });
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
        var name = fields.Has("name") ? fields.Text("name", Limits.LabelCharacters) : null;
        var (given, description) = (fields.Has("description"), fields.OptionalText("description", Limits.DescriptionCharacters));
        var allowed = AccessFields.AllowedOwnerTypes(fields);
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            if (PermissionTable.Find(context.Session, call.Environment, call.Route("slug"), RowLock.Update) is not { } before)
                return Fault.NotFound("Permission");
            var after = before with
            {
                Name = name ?? before.Name,
                Description = given ? description : before.Description,
                AllowedOwnerTypes = allowed ?? before.AllowedOwnerTypes,
                UpdatedAt = context.Now,
            };
            PermissionTable.Update(context.Session, after);
            var data = EventData.OfChange(AccessShapes.Of(before), AccessShapes.Of(after), WarderJson.Wire.Permission);
            call.Append(context, EventTypes.PermissionUpdated, data, null, CacheDelta.OfPermission(after.Id, after.AllowedOwnerTypes));
            return Answer.Ok(AccessShapes.Of(after), WarderJson.Wire.Permission);
        });
    }

    public static Task<Result<Answer>> Delete(Call call)
        => call.Change(context =>
        {
            if (PermissionTable.Find(context.Session, call.Environment, call.Route("slug"), RowLock.Update) is not { } permission)
                return Fault.NotFound("Permission");
            PermissionTable.Delete(context.Session, permission, context.Now);
            var data = EventData.Of(AccessShapes.Of(permission), WarderJson.Wire.Permission);
            call.Append(context, EventTypes.PermissionDeleted, data, null, CacheDelta.OfPermission(permission.Id, OwnerTypes.None));
            return Answer.NoContent;
        });
}
