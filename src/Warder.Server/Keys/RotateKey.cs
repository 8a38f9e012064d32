using Warder.Contracts;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Server.Http;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Server.Keys;

/// <summary>Gives a key a new secret. The old secrets remain valid for the overlap.</summary>
internal static class RotateKey
{
    public static async Task<Result<Answer>> Run(Call call)
    {
        var fields = call.Body();
        var overlap = fields.OptionalNumber("overlap_seconds", 0, Limits.OverlapSeconds) ?? Limits.DefaultOverlapSeconds;
        var (given, expiresAt) = (fields.Has("expires_at"), fields.OptionalTime("expires_at"));
        if (fields.Fault() is { } fault)
            return fault;
        var token = TokenFormat.Issue(call.KeyPrefix, call.Entropy);
        return await KeyChange.Run(
            call,
            (_, _) => EventTypes.ApiKeyRotated,
            (context, key) => Decide(
                call, context, key, TokenFormat.Obfuscate(token), overlap, given ? expiresAt : key.ExpiresAt, token.Digest()),
            (context, key) => Answer.Ok(KeyShapes.Of(key, context.Now, token.Reveal()), WarderJson.Wire.ApiKey));
    }

    private static Result<ApiKey> Decide(
        Call call, CommandContext context, ApiKey key, string obfuscatedValue, long overlapSeconds, Instant? expiresAt, byte[] digest)
    {
        if (expiresAt is { } end && end != key.ExpiresAt && end <= context.Now)
            return Fault.Field("expires_at", "must_be_future", "Must be in the future.");
        // The caller gets the new secret, so the cap applies.
        if (IssueCap.Refuse(call, context, expiresAt) is { } outlived)
            return outlived;
        var fresh = new KeySecret
        {
            Id = call.NewId(IdKind.Secret, context),
            Number = key.Secrets[^1].Number + 1,
            ObfuscatedValue = obfuscatedValue,
            CreatedAt = context.Now,
        };
        var rotated = KeyLifecycle.Rotate(key, fresh, overlapSeconds, expiresAt, context.Now);
        if (rotated.Fault is null)
            KeyTable.InsertSecret(context.Session, key, fresh, digest);
        return rotated;
    }
}
