using Warder.Contracts;
using Warder.Core.Access;
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
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Server.Access;

/// <summary>Roles: named sets of permissions, which cap what a member's keys can do.</summary>
internal static class Roles
{
    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var (slug, name) = (AccessFields.Slug(fields), fields.Text("name", Limits.LabelCharacters));
        var description = fields.OptionalText("description", Limits.DescriptionCharacters);
        var resourceType = fields.OptionalText("resource_type_slug", Limits.SlugCharacters, 1) ?? AccessShapes.DefaultResourceType;
        if (fields.Fault() is { } fault)
            return fault;
        return await call.Change(context =>
        {
            if (RoleTable.Find(context.Session, call.Environment, slug) is not null)
                return Fault.Conflict("role_slug_conflict", $"There is a role '{slug}' already.");
            var shape = AccessShapes.Of(RoleCreation.Add(call, context, slug, name, description, resourceType, builtIn: false));
            return Answer.Created(shape, WarderJson.Wire.Role);
        });
    }

    public static Task<Result<Answer>> List(Call call)
    {
        var query = call.Query();
        var page = query.Page(IdKind.Role, (session, id) => RoleTable.Existed(session, call.Environment, id));
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
        var name = fields.Has("name") ? fields.Text("name", Limits.LabelCharacters) : null;
        var (given, description) = (fields.Has("description"), fields.OptionalText("description", Limits.DescriptionCharacters));
        if (fields.Fault() is { } fault)
            return fault;
        return await Change(
            call, (_, role) => role with { Name = name ?? role.Name, Description = given ? description : role.Description });
    }

    public static Task<Result<Answer>> Delete(Call call)
        => call.Change(context =>
        {
            if (RoleTable.Find(context.Session, call.Environment, call.Route("slug"), RowLock.Update) is not { } role)
                return Fault.NotFound("Role");
            if (role.BuiltIn)
                return Fault.Forbidden("role_built_in", "This role is built in and cannot be deleted.");
            if (MembershipTable.CountWithRole(context.Session, role.Id) > 0)
                return Fault.Conflict("role_in_use", "Members have this role: give them another first.");
            RoleTable.Delete(context.Session, role, context.Now);
            call.Append(context, EventTypes.RoleDeleted, EventData.Of(AccessShapes.Of(role), WarderJson.Wire.Role), null);
            return Answer.NoContent;
        });

    /// <summary>Changes a role, with the cap that it sets on its members' keys.</summary>
    public static Task<Result<Answer>> Change(Call call, Func<CommandContext, Role, Result<Role>> decide)
        => call.Change(context =>
        {
            if (RoleTable.Find(context.Session, call.Environment, call.Route("slug"), RowLock.Update) is not { } before)
                return Fault.NotFound("Role");
            var decided = decide(context, before);
            if (decided.Fault is { } fault)
                return fault;
            var after = decided.Value with { UpdatedAt = context.Now };
            RoleTable.Update(context.Session, after);
            var data = EventData.OfChange(AccessShapes.Of(before), AccessShapes.Of(after), WarderJson.Wire.Role);
            var effect = CacheDelta.OfRole(after.Id, after.Capped ? after.Permissions.Select(permission => permission.Id) : null);
            call.Append(context, EventTypes.RoleUpdated, data, null, effect);
            return Answer.Ok(AccessShapes.Of(after), WarderJson.Wire.Role);
        });
}
