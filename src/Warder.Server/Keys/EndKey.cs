using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Engine.Changes;
using Warder.Server.Http;

namespace Warder.Server.Keys;

/// <summary>Ends a key for good. A revoked key is still shown; a deleted key is also removed from its owner's lists.</summary>
internal static class EndKey
{
    public static async Task<Result<Answer>> Revoke(Call call)
    {
        var fields = call.Body();
        var reason = fields.OptionalText("reason", Limits.ReasonCharacters);
        if (fields.Fault() is { } fault)
            return fault;
        return await KeyChange.Run(call, EventTypes.ApiKeyRevoked, (context, key) => KeyLifecycle.Revoke(key, reason, context.Now));
    }

    public static Task<Result<Answer>> Delete(Call call)
        => KeyChange.Run(
            call,
            (before, _) => before.State == KeyState.Revoked ? EventTypes.ApiKeyUpdated : EventTypes.ApiKeyRevoked,
            (context, key) => KeyLifecycle.Delete(key, context.Now),
            (_, _) => Answer.NoContent);
}
