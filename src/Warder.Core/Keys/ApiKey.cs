using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Time;

namespace Warder.Core.Keys;

/// <summary>How a key stands of itself, whatever its owner, its clock or its suspension say.</summary>
public enum KeyState
{
    /// <summary>Not ended.</summary>
    Live = 0,

    /// <summary>Ended by expiry: now, or noticed by the sweeper.</summary>
    Expired = 1,

    /// <summary>Ended by revocation or deletion.</summary>
    Revoked = 2,
}

/// <summary>A bearer credential as the store holds it. Its plaintext is nowhere in it.</summary>
public sealed record ApiKey
{
    /// <summary><c>api_key_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment's number.</summary>
    public required int Environment { get; init; }

    /// <summary>Who it acts for.</summary>
    public required Owner<string, MemberIds> Owner { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Purpose { get; init; }

    /// <summary>The person who answers for it.</summary>
    public string? ResponsibleUserId { get; init; }

    /// <summary>The management key that issued it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>The stored set of what was granted; <see cref="Permissions"/> is its content.</summary>
    public required long PermissionSetId { get; init; }

    /// <summary>What was granted, as far as it is still registered; in the order in which it was given.</summary>
    public required IReadOnlyList<Permission> Permissions { get; init; }

    /// <summary>What the owner's type and role leave of <see cref="Permissions"/>.</summary>
    public required IReadOnlyList<Permission> EffectivePermissions { get; init; }

    /// <summary>Live, expired or revoked.</summary>
    public required KeyState State { get; init; }

    /// <summary>How the owner stood when this was read.</summary>
    public required OwnerStanding OwnerStanding { get; init; }

    /// <summary>When it stops by itself; null: never.</summary>
    public Instant? ExpiresAt { get; init; }

    /// <summary>Since when it is suspended; null: it is not.</summary>
    public Instant? SuspendedAt { get; init; }

    /// <summary>Why it is suspended.</summary>
    public string? SuspensionReason { get; init; }

    /// <summary>When it was revoked, or its owner ended.</summary>
    public Instant? RevokedAt { get; init; }

    /// <summary>Why it was revoked.</summary>
    public string? RevocationReason { get; init; }

    /// <summary>Whether it was deleted: revoked, and hidden from the owner's lists.</summary>
    public bool Deleted { get; init; }

    /// <summary>Its latest secrets, oldest first: all that may still work, and the newest.</summary>
    public required IReadOnlyList<KeySecret> Secrets { get; init; }

    /// <summary>When it was issued.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it last changed. Use is no change.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <summary>The latest use of any of <see cref="Secrets"/>.</summary>
    public Instant? LastUsedAt => Secrets.Max(secret => secret.LastUsedAt);
}

/// <summary>One secret of a key: what a caller presents. A key has several while rotations overlap.</summary>
public sealed record KeySecret
{
    /// <summary><c>secret_…</c></summary>
    public required string Id { get; init; }

    /// <summary>1 for the first secret of a key; each rotation takes the next.</summary>
    public required int Number { get; init; }

    /// <summary>What people recognize it by: <c>wdr_live_...3456</c>.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary>When it was made.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it stops working by the clock; null: with its key.</summary>
    public Instant? EndsAt { get; init; }

    /// <summary>It was ended outright, whatever the clock says.</summary>
    public bool Ended { get; init; }

    /// <summary>Its latest allowed validation, up to five seconds late.</summary>
    public Instant? LastUsedAt { get; init; }

    /// <summary>Whether it works, as far as it alone is concerned.</summary>
    public bool IsLive(Instant now) => !Ended && (EndsAt is null || EndsAt > now);
}
