using Warder.Contracts;
using Warder.Core.Keys;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Events;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Engine.Keys;

/// <summary>Writes keys with their events.</summary>
internal static class KeyWrites
{
    /// <summary>Writes a changed key with its event.</summary>
    public static void Write(EventContext changes, CommandContext context, string eventType, ApiKey before, ApiKey after)
    {
        KeyTable.Update(context.Session, after);
        for (var i = 0; i < before.Secrets.Count; i++)
        {
            if (after.Secrets[i] != before.Secrets[i])
                KeyTable.UpdateSecret(context.Session, after, after.Secrets[i]);
        }

        var now = context.Now;
        var data = EventData.OfChange(
            () => KeyShapes.Of(before, now), () => KeyShapes.Of(after, now), WarderJson.Wire.ApiKey, "expires_at");
        changes.Append(context, eventType, data, after.Owner.Organization, CacheDelta.OfKey(after.Id));
    }
}
