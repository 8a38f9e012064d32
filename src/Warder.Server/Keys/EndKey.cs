using Warder.Contracts;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Verification;
using Warder.Server.Http;

namespace Warder.Server.Keys;

/// <summary>Ends a key for good: revoked, and still shown; or deleted, and gone from its owner's lists.</summary>
internal static class EndKey
{
    public static async Task<Result<Answer>> Revoke(Call call)
    {
        var fields = call.Body();
        var reason = fields.OptionalText("reason", Limits.ReasonCharacters);
        if (fields.Fault() is { } fault)
            return fault;
        var ended = 0;
        return await KeyChange.Run(
            call,
            (_, _) => EventTypes.ApiKeyRevoked,
            (context, key) =>
            {
                ended = Verifier.StatusOf(key, context.Now) is KeyStatus.Revoked or KeyStatus.Expired ? 0 : 1;
                return KeyLifecycle.Revoke(key, reason, context.Now);
            },
            (context, key) => call.DryRun
                ? DryRunAnswer.Of(context, ended == 1 ? [key] : [], ended)
                : Answer.Ok(KeyShapes.Of(key, context.Now), WarderJson.Wire.ApiKey));
    }

    public static Task<Result<Answer>> Delete(Call call)
    {
        var ended = 0;
        return KeyChange.Run(
            call,
            (before, _) => before.State == KeyState.Revoked ? EventTypes.ApiKeyUpdated : EventTypes.ApiKeyRevoked,
            (context, key) =>
            {
                ended = Verifier.StatusOf(key, context.Now) is KeyStatus.Revoked or KeyStatus.Expired ? 0 : 1;
                return KeyLifecycle.Delete(key, context.Now);
            },
            (context, key) => call.DryRun ? DryRunAnswer.Of(context, ended == 1 ? [key] : [], ended) : Answer.NoContent);
    }
}
