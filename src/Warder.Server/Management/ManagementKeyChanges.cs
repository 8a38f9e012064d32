using Warder.Contracts;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Management;
using Warder.Server.Events;
using Warder.Server.Http;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Management;

namespace Warder.Server.Management;

/// <summary>Changes management keys. No caller can change a key with rights beyond its own.</summary>
internal static class ManagementKeyChanges
{
    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var name = fields.Has("name") ? fields.Text("name", Limits.NameCharacters) : null;
        var rights = RightsRequest.Read(fields);
        var (given, expiresAt) = (fields.Has("expires_at"), fields.OptionalTime("expires_at"));
        if (fields.Fault() is { } fault)
            return fault;
        return await Change(call, EventTypes.ManagementKeyUpdated, (context, key) =>
        {
            if (!key.IsLive(context.Now))
                return Ended;
            if (expiresAt is { } end && end <= context.Now)
                return Fault.Field("expires_at", "must_be_future", "Must be in the future; to end a key now, revoke it.");
            if (rights?.Beyond(context.Authority.Rights) is { } beyond)
                return beyond;
            if (given && context.Authority.OutlivedBy(expiresAt) is { } outlived)
                return outlived;
            var changed = key with
            {
                Name = name ?? key.Name,
                Rights = rights?.All ?? key.Rights,
                ExpiresAt = given ? expiresAt : key.ExpiresAt,
                UpdatedAt = context.Now,
            };
            // Rights that an existing key gains are a grant, as for a new key.
            if ((changed.Rights & ~key.Rights) != 0 && context.Authority.OutlivedBy(changed.ExpiresAt, "rights") is { } lasting)
                return lasting;
            return changed;
        });
    }

    public static async Task<Result<Answer>> Rotate(Call call)
    {
        var fields = call.Body();
        var overlap = fields.OptionalNumber("overlap_seconds", 0, Limits.OverlapSeconds) ?? Limits.DefaultOverlapSeconds;
        var (given, expiresAt) = (fields.Has("expires_at"), fields.OptionalTime("expires_at"));
        if (fields.Fault() is { } fault)
            return fault;
        var token = TokenFormat.Issue(ManagementKey.TokenPrefix, call.Entropy);
        return await Change(
            call,
            EventTypes.ManagementKeyRotated,
            (context, key) =>
            {
                if (expiresAt is { } end && end <= context.Now)
                    return Fault.Field("expires_at", "must_be_future", "Must be in the future.");
                // The caller of a rotation gets the new secret, so the rules of a grant apply.
                if (context.Authority.Superseded() is { } superseded)
                    return superseded;
                if (context.Authority.OutlivedBy(given ? expiresAt : key.ExpiresAt) is { } outlived)
                    return outlived;
                var fresh = new KeySecret
                {
                    Id = call.NewId(IdKind.Secret, context),
                    Number = key.Secrets[^1].Number + 1,
                    ObfuscatedValue = TokenFormat.Obfuscate(token),
                    CreatedAt = context.Now,
                };
                var rotated = key.Rotate(fresh, overlap, given ? expiresAt : key.ExpiresAt, context.Now);
                if (rotated.Fault is null)
                    ManagementKeyTable.InsertSecret(context.Session, key, fresh, token.Digest());
                return rotated;
            },
            (context, key) => Answer.Ok(
                ManagementShapes.Of(key, call.EnvironmentId, context.Now, token.Reveal()), WarderJson.Wire.ManagementKey));
    }

    public static async Task<Result<Answer>> Revoke(Call call)
    {
        var fields = call.Body();
        var reason = fields.OptionalText("reason", Limits.ReasonCharacters);
        if (fields.Fault() is { } fault)
            return fault;
        return await Change(call, EventTypes.ManagementKeyRevoked, (context, key) => key.Revoked
            ? key
            : key with { Revoked = true, RevokedAt = context.Now, RevocationReason = reason, UpdatedAt = context.Now });
    }

    public static Task<Result<Answer>> Delete(Call call)
        => Change(
            call,
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
        Call call,
        string eventType,
        Func<CommandContext, ManagementKey, Result<ManagementKey>> decide,
        Func<CommandContext, ManagementKey, Answer>? answer = null)
    {
        var (id, environmentId) = (call.Route("id"), call.EnvironmentId);
        return call.Change(context =>
        {
            if (ManagementKeyTable.Find(context.Session, call.Environment, id, RowLock.Update) is not { Deleted: false } before)
                return ManagementKeys.Missing(context.Session, call.Environment, id);
            if (context.Authority.Beyond(before.Rights) is { } beyond)
                return beyond;
            // A superseded secret may have leaked: it can end only its own key.
            if (before.Id != call.Caller.ManagementKeyId && context.Authority.Superseded() is { } superseded)
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
                call.Append(context, eventType, data, null, new CacheDelta(CacheDeltaKind.ManagementKey, after.Id));
            }

            return answer is null
                ? Answer.Ok(ManagementShapes.Of(after, environmentId, context.Now), WarderJson.Wire.ManagementKey)
                : answer(context, after);
        });
    }
}
