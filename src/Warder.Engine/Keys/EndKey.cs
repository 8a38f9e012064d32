using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Engine.Changes;

namespace Warder.Engine.Keys;

/// <summary>Ends a key for good. A revoked key is still shown; a deleted key is also removed from its owner's lists.</summary>
internal static class EndKey
{
    /// <summary>Revokes a key.</summary>
    public static Task<Result<Answer>> Revoke(ChangeContext changes, string id, string? reason)
        => KeyChange.Run(changes, id, EventTypes.ApiKeyRevoked, (context, key) => KeyLifecycle.Revoke(key, reason, context.Now));

    /// <summary>Deletes a key.</summary>
    public static Task<Result<Answer>> Delete(ChangeContext changes, string id)
        => KeyChange.Run(
            changes,
            id,
            (before, _) => before.State == KeyState.Revoked ? EventTypes.ApiKeyUpdated : EventTypes.ApiKeyRevoked,
            (context, key) => KeyLifecycle.Delete(key, context.Now),
            (_, _) => Answer.NoContent);

    /// <summary>Ends one secret of a key.</summary>
    public static Task<Result<Answer>> Secret(ChangeContext changes, string id, string secretId)
        => KeyChange.Run(
            changes,
            id,
            static (_, _) => EventTypes.ApiKeySecretEnded,
            (context, key) => KeyLifecycle.EndSecret(key, secretId, context.Now),
            static (_, _) => Answer.NoContent);
}
