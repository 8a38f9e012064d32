using System.Text.Json;
using Warder.Core.Events;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage.Journal;

namespace Warder.Server.Tests.Hosting;

/// <summary>An event of a change that a test writes past the API, as the log must have it.</summary>
internal static class TestEvent
{
    public static void Append(RunningWarder warder, CommandContext context, params IReadOnlyList<CacheDelta> effects)
    {
        var id = Id.New(IdKind.Event, context.Now, Entropy.System);
        context.Append(new EventDraft
        {
            Id = id,
            Environment = 1,
            Type = "test",
            CreatedAt = context.Now,
            Body = EventBody.Of(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string?>
            {
                ["id"] = id,
                ["event"] = "test",
                ["created_at"] = context.Now.ToString(),
                ["environment_id"] = warder.Node.Environments[1].Info.Id,
                ["organization_id"] = null,
                ["effects_sha256"] = CacheDeltaText.DigestOf(effects),
            })),
            CacheDeltas = effects,
        });
    }
}
