using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Core.Access;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Engine.Access;

/// <summary>The requested properties of a new role.</summary>
internal sealed record RoleProperties(string Slug, string Name, string? Description, string ResourceTypeSlug);

/// <summary>The requested changes of a role. Null or absent: the property stays.</summary>
internal sealed record RolePatch(string? Name, Optional<string?> Description);

/// <summary>Roles: named sets of permissions, which cap what a member's keys can do.</summary>
internal static class Roles
{
    /// <summary>Creates a role.</summary>
    public static Task<Result<Answer>> Create(ChangeContext changes, RoleProperties properties)
        => changes.Change(context =>
        {
            if (RoleTable.Find(context.Session, changes.Environment, properties.Slug) is not null)
                return Fault.Conflict("role_slug_conflict", $"There is a role '{properties.Slug}' already.");
            var role = RoleCreation.Add(
                changes, context, properties.Slug, properties.Name, properties.Description, properties.ResourceTypeSlug, builtIn: false);
            var shape = AccessShapes.Of(role);
            return Answer.Created(shape, WarderJson.Wire.Role);
        });

    /// <summary>Changes the name and the description of a role.</summary>
    public static Task<Result<Answer>> Update(ChangeContext changes, string slug, RolePatch patch)
        => Change(
            changes, slug,
            (_, role) => role with { Name = patch.Name ?? role.Name, Description = patch.Description.Or(role.Description) });

    /// <summary>Deletes a role that no member has.</summary>
    public static Task<Result<Answer>> Delete(ChangeContext changes, string slug)
        => changes.Change(context =>
        {
            if (RoleTable.Find(context.Session, changes.Environment, slug, RowLock.Update) is not { } role)
                return Fault.NotFound("Role");
            if (role.BuiltIn)
                return Fault.Forbidden("role_built_in", "This role is built in and cannot be deleted.");
            if (MembershipTable.CountWithRole(context.Session, role.Id) > 0)
                return Fault.Conflict("role_in_use", "Members have this role: give them another first.");
            RoleTable.Delete(context.Session, role, context.Now);
            changes.Append(context, EventTypes.RoleDeleted, EventData.Of(AccessShapes.Of(role), WarderJson.Wire.Role), null);
            return Answer.NoContent;
        });

    /// <summary>Changes a role, with the cap that it sets on its members' keys.</summary>
    public static Task<Result<Answer>> Change(
        ChangeContext changes, string slug, Func<CommandContext, Role, Result<Role>> decide)
        => changes.Change(context =>
        {
            if (RoleTable.Find(context.Session, changes.Environment, slug, RowLock.Update) is not { } before)
                return Fault.NotFound("Role");
            var decided = decide(context, before);
            if (decided.Fault is { } fault)
                return fault;
            var after = decided.Value with { UpdatedAt = context.Now };
            if (EventData.IsSame(
                AccessShapes.Of(before), AccessShapes.Of(after with { UpdatedAt = before.UpdatedAt }), WarderJson.Wire.Role))
                return Answer.Ok(AccessShapes.Of(before), WarderJson.Wire.Role);
            RoleTable.Update(context.Session, after);
            var data = EventData.OfChange(AccessShapes.Of(before), AccessShapes.Of(after), WarderJson.Wire.Role);
            var effect = CacheDelta.OfRole(after.Id, after.Capped ? after.Permissions.Select(permission => permission.Id) : null);
            changes.Append(context, EventTypes.RoleUpdated, data, null, effect);
            return Answer.Ok(AccessShapes.Of(after), WarderJson.Wire.Role);
        });
}
