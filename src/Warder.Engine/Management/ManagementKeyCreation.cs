using Warder.Contracts;
using Warder.Core.Events;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Events;
using Warder.Engine.Keys;
using Warder.Storage.Journal;
using Warder.Storage.Management;

namespace Warder.Engine.Management;

/// <summary>Adds management keys.</summary>
internal static class ManagementKeyCreation
{
    /// <summary>Adds a management key of the context's environment.</summary>
    public static ManagementKey Add(
        EventContext changes, CommandContext context, string name, Rights rights, Instant? expiresAt, NewSecret secret,
        string environmentId)
    {
        var key = new ManagementKey
        {
            Id = changes.NewId(IdKind.ManagementKey, context),
            Environment = changes.Environment,
            Name = name,
            Rights = rights,
            CreatedBy = changes.Caller.ManagementKeyId,
            Revoked = false,
            ExpiresAt = expiresAt,
            Secrets =
            [
                new KeySecret
                {
                    Id = changes.NewId(IdKind.Secret, context),
                    Number = 1,
                    ObfuscatedValue = secret.ObfuscatedValue,
                    CreatedAt = context.Now,
                },
            ],
            CreatedAt = context.Now,
            UpdatedAt = context.Now,
        };
        ManagementKeyTable.Insert(context.Session, key, secret.Digest);
        var shape = ManagementShapes.Of(key, environmentId, context.Now);
        changes.Append(
            context, EventTypes.ManagementKeyCreated, EventData.Of(shape, WarderJson.Wire.ManagementKey), null,
            new CacheDelta(CacheDeltaKind.ManagementKey, key.Id));
        return key;
    }
}
