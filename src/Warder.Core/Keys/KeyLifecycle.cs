using Warder.Core.Faults;
using Warder.Core.Time;
using Warder.Core.Verification;

namespace Warder.Core.Keys;

/// <summary>
/// The operations of a key's life as pure functions. Each takes the key's current state and gives the next state, or the fault that
/// prevents the change. The result is the same object when nothing changes.
/// </summary>
public static class KeyLifecycle
{
    /// <summary>The greatest number of secrets of one key that work at the same time.</summary>
    public const int MaxLiveSecrets = 4;

    /// <summary>Revokes; again changes nothing.</summary>
    public static ApiKey Revoke(ApiKey key, string? reason, Instant now)
        => DecisionRules.StatusOf(key, now) == KeyStatus.Revoked
            ? key
            : key with { State = KeyState.Revoked, RevokedAt = now, RevocationReason = reason, UpdatedAt = now };

    /// <summary>Revokes and hides a key. A deleted key is not found.</summary>
    public static Result<ApiKey> Delete(ApiKey key, Instant now)
    {
        if (key.Deleted)
            return Fault.NotFound("API key");
        return Revoke(key, "deleted", now) with
        {
            Deleted = true,
            State = KeyState.Revoked,
            RevokedAt = key.RevokedAt ?? now,
            UpdatedAt = now,
        };
    }

    /// <summary>Ends the key now, by its state and not by the clock.</summary>
    public static Result<ApiKey> ExpireNow(ApiKey key, Instant now)
        => NotExpirable(key, now) is { } fault
            ? fault
            : key with { State = KeyState.Expired, ExpiresAt = key.ExpiresAt is { } at && at < now ? at : now, UpdatedAt = now };

    /// <summary>Sets or clears the key's expiry.</summary>
    public static Result<ApiKey> Schedule(ApiKey key, Instant? expiresAt, Instant now)
    {
        if (NotExpirable(key, now) is { } fault)
            return fault;
        return key.ExpiresAt == expiresAt ? key : key with { ExpiresAt = expiresAt, UpdatedAt = now };
    }

    /// <summary>Suspends a key: it stops working until it is resumed.</summary>
    public static Result<ApiKey> Suspend(ApiKey key, string? reason, Instant now)
    {
        if (Ended(key, now) is { } fault)
            return fault;
        return key.SuspendedAt is not null ? key : key with { SuspendedAt = now, SuspensionReason = reason, UpdatedAt = now };
    }

    /// <summary>Ends a suspension.</summary>
    public static Result<ApiKey> Resume(ApiKey key, Instant now)
    {
        if (Ended(key, now) is { } fault)
            return fault;
        return key.SuspendedAt is null ? key : key with { SuspendedAt = null, SuspensionReason = null, UpdatedAt = now };
    }

    /// <summary>
    /// Rotates: the key gets a new secret; each secret that works now ends at the earlier of its own end and <paramref name="now"/> plus
    /// the overlap, never after the key. An overlap of zero ends them outright.
    /// </summary>
    public static Result<ApiKey> Rotate(ApiKey key, KeySecret fresh, long overlapSeconds, Instant? expiresAt, Instant now)
    {
        if (Ended(key, now) is { } fault)
            return fault;
        var secrets = Overlap(key.Secrets, expiresAt, overlapSeconds, now);
        if (secrets.Count(secret => secret.IsLive(now)) >= MaxLiveSecrets)
        {
            return Fault.Conflict(
                "too_many_live_secrets",
                $"The key has {MaxLiveSecrets} secrets that still work. Wait for an overlap to end, or rotate with overlap_seconds 0.");
        }

        return key with { Secrets = [.. secrets, fresh], ExpiresAt = expiresAt, UpdatedAt = now };
    }

    /// <summary>Ends one secret of a key now; its other secrets stay as they are.</summary>
    public static Result<ApiKey> EndSecret(ApiKey key, string secretId, Instant now)
    {
        if (Ended(key, now) is { } fault)
            return fault;
        var secrets = EndSecret(key.Secrets, secretId, now);
        return secrets.Fault is { } refused ? refused : key with { Secrets = secrets.Value, UpdatedAt = now };
    }

    /// <summary>Ends one of the secrets that work, unless it is the last one.</summary>
    public static Result<IReadOnlyList<KeySecret>> EndSecret(IReadOnlyList<KeySecret> secrets, string secretId, Instant now)
    {
        var live = secrets.Where(secret => secret.IsLive(now)).ToList();
        if (!live.Exists(secret => secret.Id == secretId))
            return Fault.NotFound("Secret");
        if (live.Count == 1)
        {
            return Fault.Conflict(
                "last_live_secret", "This is the last secret of the key that works. Rotate the key first, or revoke the key.");
        }

        return secrets.Select(secret => secret.Id == secretId ? secret with { Ended = true, EndsAt = now } : secret).ToList();
    }

    /// <summary>Applies a rotation's overlap to the existing secrets.</summary>
    public static IReadOnlyList<KeySecret> Overlap(IReadOnlyList<KeySecret> secrets, Instant? expiresAt, long overlapSeconds, Instant now)
    {
        var end = Instant.Min(now.PlusSeconds(overlapSeconds), expiresAt ?? Instant.Max);
        return
        [
            .. secrets.Select(secret => !secret.IsLive(now) ? secret
                : overlapSeconds == 0 ? secret with { Ended = true, EndsAt = now }
                : secret with { EndsAt = Instant.Min(secret.EndsAt ?? Instant.Max, end) }),
        ];
    }

    /// <summary>The fault for changing a key that has ended, or null.</summary>
    public static Fault? Ended(ApiKey key, Instant now) => DecisionRules.StatusOf(key, now) switch
    {
        KeyStatus.Expired => Fault.Conflict("api_key_ended", "The API key is expired; an ended key cannot be changed."),
        KeyStatus.Revoked => Fault.Conflict("api_key_ended", "The API key is revoked; an ended key cannot be changed."),
        _ => null,
    };

    private static Fault? NotExpirable(ApiKey key, Instant now) => DecisionRules.StatusOf(key, now) switch
    {
        KeyStatus.Expired => Fault.Conflict("api_key_already_expired", "API key is already expired"),
        KeyStatus.Revoked => Fault.Conflict("api_key_ended", "The API key is revoked; an ended key cannot be changed."),
        _ => null,
    };
}
