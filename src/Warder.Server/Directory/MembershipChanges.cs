using Warder.Contracts;
using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Directory;
using Warder.Engine.Events;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Access;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Server.Directory;

/// <summary>The changes of a membership, which affect the member's keys: another role, suspension, reactivation and deletion.</summary>
internal static class MembershipChanges
{
    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var slug = Memberships.RoleSlug(fields);
        if (slug is null)
            fields.Refuse("role_slug", "required", "Must be given.");
        if (fields.Fault() is { } fault)
            return fault;
        return await Change(call, (context, before) =>
        {
            if (RoleTable.Find(context.Session, call.Environment, slug!) is not { } role)
                return Fault.Field("role_slug", "not_found", "There is no such role.");
            return before.RoleId == role.Id ? before : before with { RoleId = role.Id, RoleSlug = role.Slug, UpdatedAt = context.Now };
        });
    }

    public static Task<Result<Answer>> Deactivate(Call call)
        => call.DryRun
            ? DryRun(call, MembershipStatus.Active)
            : Change(call, (context, before) => before.Status == MembershipStatus.Inactive
            ? before
            : before with { Status = MembershipStatus.Inactive, UpdatedAt = context.Now });

    public static Task<Result<Answer>> Reactivate(Call call)
        => Change(call, (context, before) => before.Status == MembershipStatus.Active
            ? before
            : before with { Status = MembershipStatus.Active, UpdatedAt = context.Now });

    public static async Task<Result<Answer>> Delete(Call call)
    {
        if (call.DryRun)
            return await DryRun(call, null);
        var tally = await OwnerEnding.TallyKeys(
            call,
            session => MembershipTable.Find(session, call.Environment, call.Route("id")) is { } membership
                ? KeyEndings.OfMembership(membership)
                : null);
        return await call.Change(context =>
        {
            if (MembershipTable.Find(context.Session, call.Environment, call.Route("id"), RowLock.Update) is not { } membership)
                return NotFound;
            var ended = KeyEndings.OfMembership(membership).Count(context.Session, context.Now, tally);
            MembershipTable.Delete(context.Session, membership, context.Now);
            var data = EventData.Of(DirectoryShapes.Of(membership), WarderJson.Wire.Membership).WithKeysEnded(ended);
            call.Append(
                context, EventTypes.MembershipDeleted, data, membership.OrganizationId,
                DeltaOf(context, membership with { Status = MembershipStatus.Ended }));
            return Answer.NoContent;
        });
    }

    private static Task<Result<Answer>> DryRun(Call call, MembershipStatus? onlyFrom)
        => OwnerEnding.DryRun(call, (session, now) =>
        {
            if (MembershipTable.Find(session, call.Environment, call.Route("id")) is not { } membership)
                return NotFound;
            var filter = new KeyFilter { MembershipId = membership.Id };
            // A member that is already suspended has no keys to suspend.
            return onlyFrom is not null && membership.Status != onlyFrom
                ? (filter with { MembershipId = "none" }, 0)
                : (filter, KeyEndings.OfMembership(membership).Count(session, now));
        });

    private static Fault NotFound => Fault.NotFound("Organization membership");

    private static Task<Result<Answer>> Change(Call call, Func<CommandContext, Membership, Result<Membership>> decide)
        => call.Change(context =>
        {
            if (MembershipTable.Find(context.Session, call.Environment, call.Route("id"), RowLock.Update) is not { } before)
                return NotFound;
            var decided = decide(context, before);
            if (decided.Fault is { } fault)
                return fault;
            var after = decided.Value;
            if (!ReferenceEquals(before, after))
            {
                MembershipTable.Update(context.Session, after);
                var data = EventData.OfChange(DirectoryShapes.Of(before), DirectoryShapes.Of(after), WarderJson.Wire.Membership);
                call.Append(context, EventTypes.MembershipUpdated, data, after.OrganizationId, DeltaOf(context, after));
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
