using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Storage.Journal;

namespace Warder.Engine.Keys;

/// <summary>Expires a key now, by a change of its state; sets a later end, which the clock decides; or removes the end.</summary>
internal static class ExpireKey
{
    /// <summary>Expires a key now or later.</summary>
    /// <param name="changes">The context of the change.</param>
    /// <param name="id">The key's id.</param>
    /// <param name="expiresAt">The key's end. Absent: now; null: the key has no end.</param>
    public static Task<Result<Answer>> Run(ChangeContext changes, string id, Optional<Instant?> expiresAt)
    {
        Result<ApiKey> Decide(CommandContext context, ApiKey key)
        {
            if (!expiresAt.IsPresent || expiresAt.Value <= context.Now)
                return KeyLifecycle.ExpireNow(key, context.Now);
            return IssueCap.Refuse(changes, context, expiresAt.Value) is { } outlived
                ? outlived
                : KeyLifecycle.Schedule(key, expiresAt.Value, context.Now);
        }

        string Type(ApiKey before, ApiKey after) => after.State == KeyState.Expired ? EventTypes.ApiKeyExpired : EventTypes.ApiKeyUpdated;
        return KeyChange.Run(
            changes, id, Type, Decide, (context, key) => Answer.Ok(KeyShapes.Of(key, context.Now), WarderJson.Wire.ApiKey));
    }
}
