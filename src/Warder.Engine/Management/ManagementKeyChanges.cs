using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Keys;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Management;

namespace Warder.Engine.Management;

/// <summary>The requested changes of a management key. Null or absent: the property stays.</summary>
internal sealed record ManagementKeyPatch(string? Name, RightsRequest? Rights, Optional<Instant?> ExpiresAt);

/// <summary>Changes management keys. No caller can change a key with rights beyond its own.</summary>
internal static class ManagementKeyChanges
{
    /// <summary>Changes the name, the rights and the end of a key.</summary>
    public static Task<Result<Answer>> Update(ChangeContext changes, string id, ManagementKeyPatch patch)
        => Change(changes, id, EventTypes.ManagementKeyUpdated, (context, key) =>
        {
            if (!key.IsLive(context.Now))
                return Ended;
            if (patch.ExpiresAt is { IsPresent: true, Value: { } end } && end <= context.Now)
                return Fault.Field("expires_at", "must_be_future", "Must be in the future; to end a key now, revoke it.");
            if (patch.Rights?.Beyond(context.Authority.Rights) is { } beyond)
                return beyond;
            if (patch.ExpiresAt.IsPresent && context.Authority.OutlivedBy(patch.ExpiresAt.Value) is { } outlived)
                return outlived;
            var changed = key with
            {
                Name = patch.Name ?? key.Name,
                Rights = patch.Rights?.All ?? key.Rights,
                ExpiresAt = patch.ExpiresAt.Or(key.ExpiresAt),
                UpdatedAt = context.Now,
            };
            // Rights that an existing key gains are a grant, as for a new key.
            if ((changed.Rights & ~key.Rights) != 0 && context.Authority.OutlivedBy(changed.ExpiresAt, "rights") is { } lasting)
                return lasting;
            return changed with { UpdatedAt = key.UpdatedAt } == key ? key : changed;
        });

    /// <summary>Gives a key a new secret. The old secrets remain valid for the overlap.</summary>
    public static Task<Result<Answer>> Rotate(ChangeContext changes, string id, KeyRotation rotation)
    {
        var secret = NewSecret.Draw(ManagementKey.TokenPrefix, changes.Entropy);
        return Change(
            changes,
            id,
            EventTypes.ManagementKeyRotated,
            (context, key) =>
            {
                if (rotation.ExpiresAt is { IsPresent: true, Value: { } end } && end <= context.Now)
                    return Fault.Field("expires_at", "must_be_future", "Must be in the future.");
                // The caller of a rotation gets the new secret, so the rules of a grant apply.
                if (context.Authority.Superseded() is { } superseded)
                    return superseded;
                if (context.Authority.OutlivedBy(rotation.ExpiresAt.Or(key.ExpiresAt)) is { } outlived)
                    return outlived;
                var fresh = new KeySecret
                {
                    Id = changes.NewId(IdKind.Secret, context),
                    Number = key.Secrets[^1].Number + 1,
                    ObfuscatedValue = secret.ObfuscatedValue,
                    CreatedAt = context.Now,
                };
                var rotated = key.Rotate(fresh, rotation.OverlapSeconds, rotation.ExpiresAt.Or(key.ExpiresAt), context.Now);
                if (rotated.Fault is null)
                    ManagementKeyTable.InsertSecret(context.Session, key, fresh, secret.Digest);
                return rotated;
            },
            (context, key) => Answer.Ok(
                ManagementShapes.Of(key, changes.EnvironmentId, context.Now, secret.Token.Reveal()), WarderJson.Wire.ManagementKey));
    }

    /// <summary>Ends one secret of a key. A superseded secret may have leaked: it cannot end the one that replaced it.</summary>
    public static Task<Result<Answer>> EndSecret(ChangeContext changes, string id, string secretId)
        => Change(
            changes,
            id,
            EventTypes.ManagementKeySecretEnded,
            (context, key) => context.Authority.Superseded() is { } superseded ? superseded : key.EndSecret(secretId, context.Now),
            (_, _) => Answer.NoContent);

    /// <summary>Revokes a key.</summary>
    public static Task<Result<Answer>> Revoke(ChangeContext changes, string id, string? reason)
        => Change(changes, id, EventTypes.ManagementKeyRevoked, (context, key) => key.Revoked
            ? key
            : key with { Revoked = true, RevokedAt = context.Now, RevocationReason = reason, UpdatedAt = context.Now });

    /// <summary>Revokes a key, and removes it from lists.</summary>
    public static Task<Result<Answer>> Delete(ChangeContext changes, string id)
        => Change(
            changes,
            id,
            EventTypes.ManagementKeyRevoked,
            (context, key) => key with
            {
                Revoked = true,
                Deleted = true,
                RevokedAt = key.RevokedAt ?? context.Now,
                RevocationReason = key.RevocationReason ?? "deleted",
                UpdatedAt = context.Now,
            },
            (_, _) => Answer.NoContent);

    private static Fault Ended => Fault.Conflict("management_key_ended", "The management key has ended; an ended key cannot be changed.");

    private static Task<Result<Answer>> Change(
        ChangeContext changes,
        string id,
        string eventType,
        Func<CommandContext, ManagementKey, Result<ManagementKey>> decide,
        Func<CommandContext, ManagementKey, Answer>? answer = null)
    {
        var environmentId = changes.EnvironmentId;
        return changes.Change(context =>
        {
            if (ManagementKeyTable.Find(context.Session, changes.Environment, id, RowLock.Update) is not { Deleted: false } before)
                return ManagementKeys.Missing(context.Session, changes.Environment, id);
            if (context.Authority.Beyond(before.Rights) is { } beyond)
                return beyond;
            // A superseded secret may have leaked: it can end only its own key.
            if (before.Id != changes.Caller.ManagementKeyId && context.Authority.Superseded() is { } superseded)
                return superseded;
            var decided = decide(context, before);
            if (decided.Fault is { } fault)
                return fault;
            var after = decided.Value;
            if (!ReferenceEquals(before, after))
            {
                ManagementKeyTable.Update(context.Session, after);
                for (var i = 0; i < before.Secrets.Count; i++)
                {
                    if (after.Secrets[i] != before.Secrets[i])
                        ManagementKeyTable.UpdateSecret(context.Session, after, after.Secrets[i]);
                }

                var data = EventData.OfChange(
                    ManagementShapes.Of(before, environmentId, context.Now), ManagementShapes.Of(after, environmentId, context.Now),
                    WarderJson.Wire.ManagementKey);
                changes.Append(context, eventType, data, null, new CacheDelta(CacheDeltaKind.ManagementKey, after.Id));
            }

            return answer is null
                ? Answer.Ok(ManagementShapes.Of(after, environmentId, context.Now), WarderJson.Wire.ManagementKey)
                : answer(context, after);
        });
    }
}
