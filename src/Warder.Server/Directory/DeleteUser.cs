using Warder.Contracts;
using Warder.Contracts.Directory;
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
using Warder.Storage.Directory;
using Warder.Storage.Events;
using Warder.Storage.Keys;

namespace Warder.Server.Directory;

/// <summary>Deletes a user, and erases a deleted user's personal values on request.</summary>
internal static class DeleteUser
{
    public static Task<Result<Answer>> Delete(Call call)
    {
        var id = call.Route("id");
        if (call.DryRun)
        {
            return OwnerEnding.DryRun(call, (session, now) => UserTable.Find(session, call.Environment, id) is null
                ? Fault.NotFound("User")
                : (new KeyFilter { UserId = id }, KeyEndings.OfUser(session, id, now)));
        }

        return call.Change(context =>
        {
            if (UserTable.Find(context.Session, call.Environment, id, RowLock.Update) is not { } user)
                return Fault.NotFound("User");
            MembershipTable.HoldOfUser(context.Session, id);
            var ended = KeyEndings.OfUser(context.Session, id, context.Now);
            UserTable.Delete(context.Session, user, context.Now);
            MembershipTable.DeleteOf(context.Session, id, null, context.Now);
            var data = EventData.Of(DirectoryShapes.Of(user), WarderJson.Wire.User).WithKeysEnded(ended).About(id, Users.Personal);
            call.Append(context, EventTypes.UserDeleted, data, null, new CacheDelta(CacheDeltaKind.UserEnded, id));
            return Answer.NoContent;
        });
    }

    public static Task<Result<Answer>> Erase(Call call)
        => call.Change(context =>
        {
            var id = call.Route("id");
            UserTable.LockRows(context.Session, call.Environment, id, RowLock.Update);
            if (UserTable.Find(context.Session, call.Environment, id) is not null)
                return Fault.Conflict("user_not_deleted", "The user is not deleted: delete it first.");
            if (!UserTable.Existed(context.Session, call.Environment, id))
                return Fault.NotFound("User");
            var erasure = new Erasure { UserId = id, ValuesErased = EventTable.Erase(context.Session, call.Environment, id) };
            if (erasure.ValuesErased > 0)
                call.Append(context, EventTypes.UserErased, EventData.Of(erasure, WarderJson.Wire.Erasure), null);
            return Answer.Ok(erasure, WarderJson.Wire.Erasure);
        });
}
