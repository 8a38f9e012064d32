using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Time;

namespace Warder.Core.Keys;

/// <summary>The stored state of a key. It does not cover the key's owner, its expiry or its suspension.</summary>
public enum KeyState
{
    /// <summary>Not ended.</summary>
    Live = 0,

    /// <summary>Ended by expiry: now, or noticed by the sweeper.</summary>
    Expired = 1,

    /// <summary>Ended by revocation or deletion.</summary>
    Revoked = 2,
}

/// <summary>A bearer credential as the store holds it. It never contains the plaintext.</summary>
public sealed record ApiKey
{
    /// <summary><c>api_key_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment's number.</summary>
    public required int Environment { get; init; }

    /// <summary>The key's owner.</summary>
    public required Owner<string, MemberIds> Owner { get; init; }

    /// <summary>The name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The key's purpose.</summary>
    public string? Purpose { get; init; }

    /// <summary>The responsible user.</summary>
    public string? ResponsibleUserId { get; init; }

    /// <summary>The management key that issued it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The number of the stored set of granted permissions; <see cref="Permissions"/> is its content.</summary>
    public required long PermissionSetId { get; init; }

    /// <summary>The granted permissions that are still registered, in the order of the grant.</summary>
    public required IReadOnlyList<Permission> Permissions { get; init; }

    /// <summary>The part of <see cref="Permissions"/> that the owner's type and role allow.</summary>
    public required IReadOnlyList<Permission> EffectivePermissions { get; init; }

    /// <summary>Live, expired or revoked.</summary>
    public required KeyState State { get; init; }

    /// <summary>How the owner stood when this was read.</summary>
    public required OwnerStanding OwnerStanding { get; init; }

    /// <summary>The time of the key's expiry; null: never.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>The time of the suspension; null when the key is not suspended.</summary>
    public Instant? SuspendedAt { get; init; }

    /// <summary>The reason of the suspension.</summary>
    public string? SuspensionReason { get; init; }

    /// <summary>The time of its revocation, or of its owner's end.</summary>
    public Instant? RevokedAt { get; init; }

    /// <summary>The reason of the revocation.</summary>
    public string? RevocationReason { get; init; }

    /// <summary>Whether it was deleted: revoked, and hidden from the owner's lists.</summary>
    public bool Deleted { get; init; }

    /// <summary>The latest secrets, oldest first: every secret that may still work, and the newest.</summary>
    public required IReadOnlyList<KeySecret> Secrets { get; init; }

    /// <summary>The time of its issue.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>The time of its last change. A use is not a change.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <summary>The latest use of any of <see cref="Secrets"/>.</summary>
    public Instant? LastUsedAt => Secrets.Max(secret => secret.LastUsedAt);
}

/// <summary>One secret of a key, which a caller presents. A key has several secrets while rotations overlap.</summary>
public sealed record KeySecret
{
    /// <summary><c>secret_…</c></summary>
    public required string Id { get; init; }

    /// <summary>1 for the first secret of a key; each rotation takes the next.</summary>
    public required int Number { get; init; }

    /// <summary>The obfuscated value, by which people recognize the secret: <c>wdr_live_...3456</c>.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary>The time of its creation.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>The time at which the secret ends; null: the end of its key.</summary>
    public Instant? EndsAt { get; init; }

    /// <summary>Whether the secret was ended before its time.</summary>
    public bool Ended { get; init; }

    /// <summary>Its latest allowed validation, up to five seconds late.</summary>
    public Instant? LastUsedAt { get; init; }

    /// <summary>Whether the secret itself has not ended.</summary>
    public bool IsLive(Instant now) => !Ended && (EndsAt is null || EndsAt > now);
}
