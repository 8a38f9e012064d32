using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Engine.Changes;

namespace Warder.Engine.Keys;

/// <summary>Suspends a key during an investigation, and resumes it.</summary>
internal static class SuspendKey
{
    /// <summary>Suspends a key.</summary>
    public static Task<Result<Answer>> Suspend(ChangeContext changes, string id, string? reason)
        => KeyChange.Run(changes, id, EventTypes.ApiKeySuspended, (context, key) => KeyLifecycle.Suspend(key, reason, context.Now));

    /// <summary>Resumes a suspended key.</summary>
    public static Task<Result<Answer>> Resume(ChangeContext changes, string id)
        => KeyChange.Run(changes, id, EventTypes.ApiKeyResumed, (context, key) => KeyLifecycle.Resume(key, context.Now));
}
