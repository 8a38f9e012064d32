using Warder.Contracts;
using Warder.Contracts.Keys;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Changes;
using Warder.Storage.Journal;
using KeyStatus = Warder.Core.Verification.KeyStatus;
using Model = Warder.Core.Keys;

namespace Warder.Engine.Keys;

/// <summary>The answer of a dry run: the keys that would end.</summary>
internal static class DryRunAnswer
{
    /// <summary>Creates the answer for one key, and rolls the command back.</summary>
    public static Answer Of(CommandContext context, Model.ApiKey before, Model.ApiKey after)
    {
        context.RollBack = true;
        return IsEnded(before, context.Now) || !IsEnded(after, context.Now) ? Of([], 0, context.Now) : Of([before], 1, context.Now);
    }

    /// <summary>Creates the answer for several keys, shown in their current state.</summary>
    public static Answer Of(IReadOnlyList<Model.ApiKey> keys, long count, Instant now)
    {
        var shape = new DryRun { ApiKeysEnded = count, ApiKeys = [.. keys.Select(key => KeyShapes.Of(key, now))] };
        return Answer.Ok(shape, WarderJson.Wire.DryRun);
    }

    private static bool IsEnded(Model.ApiKey key, Instant now)
        => DecisionRules.StatusOf(key, now) is KeyStatus.Revoked or KeyStatus.Expired;
}
