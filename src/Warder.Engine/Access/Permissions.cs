using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Access;

namespace Warder.Engine.Access;

/// <summary>The requested properties of a new permission.</summary>
internal sealed record PermissionProperties(
    string Slug, string Name, string? Description, string ResourceTypeSlug, OwnerTypes AllowedOwnerTypes);

/// <summary>The requested changes of a permission. Null or absent: the property stays.</summary>
internal sealed record PermissionPatch(string? Name, Optional<string?> Description, OwnerTypes? AllowedOwnerTypes);

/// <summary>Permissions: the slugs that keys may carry.</summary>
internal static class Permissions
{
    /// <summary>Registers a permission.</summary>
    public static Task<Result<Answer>> Create(ChangeContext changes, PermissionProperties properties)
        => changes.Change(context =>
        {
            if (PermissionTable.Find(context.Session, changes.Environment, properties.Slug) is not null)
                return Fault.Conflict("permission_slug_conflict", $"There is a permission '{properties.Slug}' already.");
            var permission = new Permission
            {
                Id = changes.NewId(IdKind.Permission, context),
                Environment = changes.Environment,
                Slug = properties.Slug,
                Name = properties.Name,
                Description = properties.Description,
                ResourceTypeSlug = properties.ResourceTypeSlug,
                AllowedOwnerTypes = properties.AllowedOwnerTypes,
                CreatedAt = context.Now,
                UpdatedAt = context.Now,
            };
            PermissionTable.Insert(context.Session, permission);
            var shape = AccessShapes.Of(permission);
            changes.Append(context, EventTypes.PermissionCreated, EventData.Of(shape, WarderJson.Wire.Permission), null);
            return Answer.Created(shape, WarderJson.Wire.Permission);
        });

    /// <summary>Changes a permission.</summary>
    public static Task<Result<Answer>> Update(ChangeContext changes, string slug, PermissionPatch patch)
        => changes.Change(context =>
        {
            if (PermissionTable.Find(context.Session, changes.Environment, slug, RowLock.Update) is not { } before)
                return Fault.NotFound("Permission");
            var after = before with
            {
                Name = patch.Name ?? before.Name,
                Description = patch.Description.Or(before.Description),
                AllowedOwnerTypes = patch.AllowedOwnerTypes ?? before.AllowedOwnerTypes,
                UpdatedAt = context.Now,
            };
            if (EventData.IsSame(
                AccessShapes.Of(before), AccessShapes.Of(after with { UpdatedAt = before.UpdatedAt }), WarderJson.Wire.Permission))
                return Answer.Ok(AccessShapes.Of(before), WarderJson.Wire.Permission);
            PermissionTable.Update(context.Session, after);
            var data = EventData.OfChange(AccessShapes.Of(before), AccessShapes.Of(after), WarderJson.Wire.Permission);
            changes.Append(context, EventTypes.PermissionUpdated, data, null, CacheDelta.OfPermission(after.Id, after.AllowedOwnerTypes));
            return Answer.Ok(AccessShapes.Of(after), WarderJson.Wire.Permission);
        });

    /// <summary>Deletes a permission. No key has it any longer.</summary>
    public static Task<Result<Answer>> Delete(ChangeContext changes, string slug)
        => changes.Change(context =>
        {
            if (PermissionTable.Find(context.Session, changes.Environment, slug, RowLock.Update) is not { } permission)
                return Fault.NotFound("Permission");
            PermissionTable.Delete(context.Session, permission, context.Now);
            var data = EventData.Of(AccessShapes.Of(permission), WarderJson.Wire.Permission);
            changes.Append(context, EventTypes.PermissionDeleted, data, null, CacheDelta.OfPermission(permission.Id, OwnerTypes.None));
            return Answer.NoContent;
        });
}
