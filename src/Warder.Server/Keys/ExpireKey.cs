using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Contracts;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Server.Http;
using Warder.Storage.Journal;

namespace Warder.Server.Keys;

/// <summary>Expires a key now, by a change of its state; sets a later end, which the clock decides; or removes the end.</summary>
internal static class ExpireKey
{
    public static async Task<Result<Answer>> Run(Call call)
    {
        var fields = call.Body();
        var given = fields.Has("expires_at");
        var at = fields.OptionalTime("expires_at");
        if (fields.Fault() is { } fault)
            return fault;
        Result<ApiKey> Decide(CommandContext context, ApiKey key)
        {
            if (!given || at <= context.Now)
                return KeyLifecycle.ExpireNow(key, context.Now);
            return IssueCap.Refuse(call, context, at) is { } outlived ? outlived : KeyLifecycle.Schedule(key, at, context.Now);
        }

        string Type(ApiKey before, ApiKey after) => after.State == KeyState.Expired ? EventTypes.ApiKeyExpired : EventTypes.ApiKeyUpdated;
        return await KeyChange.Run(call, Type, Decide, (context, key) => Answer.Ok(KeyShapes.Of(key, context.Now), WarderJson.Wire.ApiKey));
    }
}
