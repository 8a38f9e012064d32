using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Engine.Changes;
using Warder.Server.Http;

namespace Warder.Server.Keys;

/// <summary>Suspends a key during an investigation, and resumes it.</summary>
internal static class SuspendKey
{
    public static async Task<Result<Answer>> Suspend(Call call)
    {
        var fields = call.Body();
        var reason = fields.OptionalText("reason", Limits.ReasonCharacters);
        if (fields.Fault() is { } fault)
            return fault;
        return await KeyChange.Run(call, EventTypes.ApiKeySuspended, (context, key) => KeyLifecycle.Suspend(key, reason, context.Now));
    }

    public static async Task<Result<Answer>> Resume(Call call)
    {
        var fields = call.Body();
        fields.OptionalText("reason", Limits.ReasonCharacters);
        if (fields.Fault() is { } fault)
            return fault;
        return await KeyChange.Run(call, EventTypes.ApiKeyResumed, (context, key) => KeyLifecycle.Resume(key, context.Now));
    }
}
