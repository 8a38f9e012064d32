using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Engine.Keys;

/// <summary>The requested properties of a rotation.</summary>
/// <param name="OverlapSeconds">The time for which the old secrets remain valid.</param>
/// <param name="ExpiresAt">The key's new end. Absent: the end stays.</param>
internal sealed record KeyRotation(long OverlapSeconds, Optional<Instant?> ExpiresAt);

/// <summary>Gives a key a new secret. The old secrets remain valid for the overlap.</summary>
internal static class RotateKey
{
    /// <summary>Rotates a key.</summary>
    public static Task<Result<Answer>> Run(ChangeContext changes, string id, KeyRotation rotation)
    {
        var secret = NewSecret.Draw(changes.KeyPrefix, changes.Entropy);
        return KeyChange.Run(
            changes,
            id,
            (_, _) => EventTypes.ApiKeyRotated,
            (context, key) => Decide(changes, context, key, rotation, secret),
            (context, key) => Answer.Ok(KeyShapes.Of(key, context.Now, secret.Token.Reveal()), WarderJson.Wire.ApiKey));
    }

    private static Result<ApiKey> Decide(
        ChangeContext changes, CommandContext context, ApiKey key, KeyRotation rotation, NewSecret secret)
    {
        var expiresAt = rotation.ExpiresAt.Or(key.ExpiresAt);
        if (expiresAt is { } end && end != key.ExpiresAt && end <= context.Now)
            return Fault.Field("expires_at", "must_be_future", "Must be in the future.");
        // The caller gets the new secret, so the cap applies.
        if (IssueCap.Refuse(changes, context, expiresAt) is { } outlived)
            return outlived;
        var fresh = new KeySecret
        {
            Id = changes.NewId(IdKind.Secret, context),
            Number = key.Secrets[^1].Number + 1,
            ObfuscatedValue = secret.ObfuscatedValue,
            CreatedAt = context.Now,
        };
        var rotated = KeyLifecycle.Rotate(key, fresh, rotation.OverlapSeconds, expiresAt, context.Now);
        if (rotated.Fault is null)
            KeyTable.InsertSecret(context.Session, key, fresh, secret.Digest);
        return rotated;
    }
}
