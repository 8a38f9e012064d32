using Warder.Contracts;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Engine.Directory;

/// <summary>The changes of a membership, which affect the member's keys: another role, suspension, reactivation and deletion.</summary>
internal static class MembershipChanges
{
    /// <summary>Gives a member another role.</summary>
    public static Task<Result<Answer>> Update(ChangeContext changes, string id, string roleSlug)
        => Change(changes, id, (context, before) =>
        {
            if (RoleTable.Find(context.Session, changes.Environment, roleSlug) is not { } role)
                return Fault.Field("role_slug", "not_found", "There is no such role.");
            return before.RoleId == role.Id ? before : before with { RoleId = role.Id, RoleSlug = role.Slug, UpdatedAt = context.Now };
        });

    /// <summary>Suspends a member's keys.</summary>
    public static Task<Result<Answer>> Deactivate(ChangeContext changes, string id)
        => changes.DryRun
            ? DryRun(changes, id, MembershipStatus.Active)
            : Change(changes, id, (context, before) => before.Status == MembershipStatus.Inactive
                ? before
                : before with { Status = MembershipStatus.Inactive, UpdatedAt = context.Now });

    /// <summary>Revives a member's keys.</summary>
    public static Task<Result<Answer>> Reactivate(ChangeContext changes, string id)
        => Change(changes, id, (context, before) => before.Status == MembershipStatus.Active
            ? before
            : before with { Status = MembershipStatus.Active, UpdatedAt = context.Now });

    /// <summary>Ends a membership. Its keys end with it.</summary>
    public static async Task<Result<Answer>> Delete(ChangeContext changes, string id)
    {
        if (changes.DryRun)
            return await DryRun(changes, id, null);
        var keys = KeyEndings.OfMembership(changes.Environment, id);
        var tally = await OwnerEnding.TallyKeys(changes, keys);
        return await changes.Change(context =>
        {
            if (MembershipTable.Find(context.Session, changes.Environment, id, RowLock.Update) is not { } membership)
                return NotFound;
            var ended = keys.Count(context.Session, context.Now, tally);
            MembershipTable.Delete(context.Session, membership, context.Now);
            var data = EventData.Of(DirectoryShapes.Recorded(membership), WarderJson.Wire.Membership).WithKeysEnded(ended);
            changes.Append(
                context, EventTypes.MembershipDeleted, data, membership.OrganizationId,
                DeltaOf(context, membership with { Status = MembershipStatus.Ended }));
            return Answer.NoContent;
        });
    }

    private static Task<Result<Answer>> DryRun(ChangeContext changes, string id, MembershipStatus? onlyFrom)
        => OwnerEnding.DryRun(changes, (session, now) =>
        {
            if (MembershipTable.Find(session, changes.Environment, id) is not { } membership)
                return NotFound;
            var filter = new KeyFilter { MembershipId = membership.Id };
            // A member that is already suspended has no keys to suspend.
            return onlyFrom is not null && membership.Status != onlyFrom
                ? (filter with { MembershipId = "none" }, 0)
                : (filter, KeyEndings.OfMembership(changes.Environment, id).Count(session, now));
        });

    private static Fault NotFound => Fault.NotFound("Organization membership");

    private static Task<Result<Answer>> Change(
        ChangeContext changes, string id, Func<CommandContext, Membership, Result<Membership>> decide)
        => changes.Change(context =>
        {
            if (MembershipTable.Find(context.Session, changes.Environment, id, RowLock.Update) is not { } before)
                return NotFound;
            var decided = decide(context, before);
            if (decided.Fault is { } fault)
                return fault;
            var after = decided.Value;
            if (!ReferenceEquals(before, after))
            {
                MembershipTable.Update(context.Session, after);
                var data = EventData.OfChange(
                    DirectoryShapes.Recorded(before), DirectoryShapes.Recorded(after), WarderJson.Wire.Membership);
                changes.Append(context, EventTypes.MembershipUpdated, data, after.OrganizationId, DeltaOf(context, after));
            }

            return Answer.Ok(DirectoryShapes.Of(after), WarderJson.Wire.Membership);
        });

    private static CacheDelta DeltaOf(CommandContext context, Membership membership)
    {
        Role role = RoleTable.Get(context.Session, membership.Environment, membership.RoleId);
        return CacheDelta.OfMembership(
            membership.Id, membership.Status, role.Id, role.Capped ? role.Permissions.Select(permission => permission.Id) : null);
    }
}
