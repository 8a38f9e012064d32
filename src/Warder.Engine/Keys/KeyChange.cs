using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Engine.Keys;

/// <summary>
/// Runs the steps that all changes of one key share: finds the key, decides, writes the key with its event, and shows it.
/// </summary>
internal static class KeyChange
{
    /// <summary>Changes a key. A decision that returns the same instance writes nothing.</summary>
    public static Task<Result<Answer>> Run(
        ChangeContext changes, string id, string eventType, Func<CommandContext, ApiKey, Result<ApiKey>> decide)
        => Run(changes, id, (_, _) => eventType, decide, static (context, key) => Shown(key, context.Now));

    /// <summary>Changes a key, with an event type that depends on the result, and with a given answer.</summary>
    public static Task<Result<Answer>> Run(
        ChangeContext changes,
        string id,
        Func<ApiKey, ApiKey, string> eventType,
        Func<CommandContext, ApiKey, Result<ApiKey>> decide,
        Func<CommandContext, ApiKey, Answer> answer)
        => changes.Change(context =>
        {
            if (KeyTable.Find(context.Session, changes.Environment, id, context.Access) is not { } before)
                return Fault.NotFound("API key");
            var decided = decide(context, before);
            if (decided.Fault is { } fault)
                return fault;
            var after = decided.Value;
            if (changes.DryRun)
                return DryRunAnswer.Of(context, before, after);
            if (!ReferenceEquals(before, after))
                KeyWrites.Write(changes, context, eventType(before, after), before, after);
            return answer(context, after);
        });

    private static Answer Shown(ApiKey key, Instant now) => Answer.Ok(() => KeyShapes.Of(key, now), WarderJson.Wire.ApiKey);
}
