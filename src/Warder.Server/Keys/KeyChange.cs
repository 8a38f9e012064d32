using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Server.Keys;

/// <summary>What every change of one key has in common: find it, decide, write it with its event, show it.</summary>
internal static class KeyChange
{
    /// <summary>Changes a key. A decision that returns the key as it is writes nothing.</summary>
    public static Task<Result<Answer>> Run(Call call, string eventType, Func<CommandContext, ApiKey, Result<ApiKey>> decide)
        => Run(call, (_, _) => eventType, decide, (context, key) => Answer.Ok(KeyShapes.Of(key, context.Now), WarderJson.Wire.ApiKey));

    /// <summary>Changes a key, with an event type that depends on what came of it, and an answer of its own.</summary>
    public static Task<Result<Answer>> Run(
        Call call,
        Func<ApiKey, ApiKey, string> eventType,
        Func<CommandContext, ApiKey, Result<ApiKey>> decide,
        Func<CommandContext, ApiKey, Answer> answer)
    {
        var id = call.Route("id");
        return call.Change(context =>
        {
            if (KeyTable.Find(context.Session, call.Environment, id, context.Access) is not { } before)
                return Fault.NotFound("API key");
            var decided = decide(context, before);
            if (decided.Fault is { } fault)
                return fault;
            var after = decided.Value;
            if (call.DryRun)
                return DryRunAnswer.Of(context, before, after);
            if (!ReferenceEquals(before, after))
                Write(call, context, eventType(before, after), before, after);
            return answer(context, after);
        });
    }

    /// <summary>Writes a changed key with its event.</summary>
    public static void Write(Call call, CommandContext context, string eventType, ApiKey before, ApiKey after)
    {
        KeyTable.Update(context.Session, after);
        for (var i = 0; i < before.Secrets.Count; i++)
        {
            if (after.Secrets[i] != before.Secrets[i])
                KeyTable.UpdateSecret(context.Session, after, after.Secrets[i]);
        }

        var data = EventData.OfChange(KeyShapes.Of(before, context.Now), KeyShapes.Of(after, context.Now), WarderJson.Wire.ApiKey);
        call.Append(context, eventType, data, after.Owner.Organization, CacheDelta.OfKey(after.Id));
    }
}
