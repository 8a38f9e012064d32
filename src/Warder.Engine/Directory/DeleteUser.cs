using Warder.Contracts;
using Warder.Contracts.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Events;
using Warder.Storage.Keys;

namespace Warder.Engine.Directory;

/// <summary>Deletes a user, and erases a deleted user's personal values on request.</summary>
internal static class DeleteUser
{
    /// <summary>Deletes a user. The keys of the user end.</summary>
    public static async Task<Result<Answer>> Delete(ChangeContext changes, string id)
    {
        var keys = KeyEndings.OfUser(changes.Environment, id);
        if (changes.DryRun)
        {
            return await OwnerEnding.DryRun(changes, (session, now) => UserTable.Find(session, changes.Environment, id) is null
                ? Fault.NotFound("User")
                : (new KeyFilter { UserId = id }, keys.Count(session, now)));
        }

        var tally = await OwnerEnding.TallyKeys(changes, keys);
        return await changes.Change(context =>
        {
            if (UserTable.Find(context.Session, changes.Environment, id, RowLock.Update) is not { } user)
                return Fault.NotFound("User");
            MembershipTable.HoldOfUser(context.Session, id);
            var ended = keys.Count(context.Session, context.Now, tally);
            UserTable.Delete(context.Session, user, context.Now);
            MembershipTable.DeleteOf(context.Session, id, null, context.Now);
            var data = EventData.Of(DirectoryShapes.Of(user), WarderJson.Wire.User).WithKeysEnded(ended).About(id, Users.Personal);
            changes.Append(context, EventTypes.UserDeleted, data, null, new CacheDelta(CacheDeltaKind.UserEnded, id));
            return Answer.NoContent;
        });
    }

    /// <summary>Erases the personal values of a deleted user from the log.</summary>
    public static Task<Result<Answer>> Erase(ChangeContext changes, string id)
        => changes.Change(context =>
        {
            UserTable.LockRows(context.Session, changes.Environment, id, RowLock.Update);
            if (UserTable.Find(context.Session, changes.Environment, id) is not null)
                return Fault.Conflict("user_not_deleted", "The user is not deleted: delete it first.");
            if (!UserTable.Existed(context.Session, changes.Environment, id))
                return Fault.NotFound("User");
            var erasure = new Erasure { UserId = id, ValuesErased = EventTable.Erase(context.Session, changes.Environment, id) };
            if (erasure.ValuesErased > 0)
                changes.Append(context, EventTypes.UserErased, EventData.Of(erasure, WarderJson.Wire.Erasure), null);
            return Answer.Ok(erasure, WarderJson.Wire.Erasure);
        });
}
