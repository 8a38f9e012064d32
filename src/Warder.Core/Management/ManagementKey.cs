using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Core.Time;

namespace Warder.Core.Management;

/// <summary>A key with rights over Warder itself. It is another kind than API keys.</summary>
public sealed record ManagementKey
{
    /// <summary>The prefix of management tokens.</summary>
    public const string TokenPrefix = "wdrm";

    /// <summary><c>management_key_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The number of the environment that the key belongs to and selects.</summary>
    public required int Environment { get; init; }

    /// <summary>The name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The key's rights.</summary>
    public required Rights Rights { get; init; }

    /// <summary>The management key that created this key; null for the first.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Whether it was revoked.</summary>
    public required bool Revoked { get; init; }

    /// <summary>Whether it was deleted: revoked, and no longer shown.</summary>
    public bool Deleted { get; init; }

    /// <summary>The time of its revocation.</summary>
    public Instant? RevokedAt { get; init; }

    /// <summary>The reason of the revocation.</summary>
    public string? RevocationReason { get; init; }

    /// <summary>The time of the key's expiry; null: never.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>Its secrets, oldest first.</summary>
    public required IReadOnlyList<KeySecret> Secrets { get; init; }

    /// <summary>The time of its creation.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>The time of its last change.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <summary>The latest use of any of its secrets.</summary>
    public Instant? LastUsedAt => Secrets.Max(secret => secret.LastUsedAt);

    /// <summary>Whether the key itself is neither revoked nor expired.</summary>
    public bool IsLive(Instant now) => !Revoked && (ExpiresAt is null || ExpiresAt > now);

    /// <summary>Rotates the key, by the rules of API keys.</summary>
    public Result<ManagementKey> Rotate(KeySecret fresh, long overlapSeconds, Instant? expiresAt, Instant now)
    {
        if (!IsLive(now))
            return Fault.Conflict("management_key_ended", "The management key has ended; an ended key cannot be changed.");
        var secrets = KeyLifecycle.Overlap(Secrets, expiresAt, overlapSeconds, now);
        if (secrets.Count(secret => secret.IsLive(now)) >= KeyLifecycle.MaxLiveSecrets)
            return Fault.Conflict("too_many_live_secrets", $"The key has {KeyLifecycle.MaxLiveSecrets} secrets that still work.");
        return this with { Secrets = [.. secrets, fresh], ExpiresAt = expiresAt, UpdatedAt = now };
    }

    /// <summary>Ends one secret of the key, by the rules of API keys.</summary>
    public Result<ManagementKey> EndSecret(string secretId, Instant now)
    {
        if (!IsLive(now))
            return Fault.Conflict("management_key_ended", "The management key has ended; an ended key cannot be changed.");
        var secrets = KeyLifecycle.EndSecret(Secrets, secretId, now);
        return secrets.Fault is { } refused ? refused : this with { Secrets = secrets.Value, UpdatedAt = now };
    }
}
