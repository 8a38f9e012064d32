using System.Text.Json.Serialization;
using Warder.Contracts.Receipts;

namespace Warder.Contracts.Keys;

/// <summary>An API key: a bearer credential with one owner.</summary>
public sealed record ApiKey
{
    /// <summary><c>api_key</c></summary>
    public string Object { get; init; } = "api_key";

    /// <summary><c>api_key_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The owner that the key acts for.</summary>
    public required KeyOwner Owner { get; init; }

    /// <summary>1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The obfuscated value of the newest secret: <c>wdr_live_...3456</c>.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary>The granted slugs.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>The part of <see cref="Permissions"/> that the owner may have now.</summary>
    public required IReadOnlyList<string> EffectivePermissions { get; init; }

    /// <summary>One of <see cref="KeyStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>What the key is for; ≤ 500 characters.</summary>
    public required string? Purpose { get; init; }

    /// <summary>The responsible user.</summary>
    public required string? ResponsibleUserId { get; init; }

    /// <summary>The management key that issued the key.</summary>
    public required string? CreatedBy { get; init; }

    /// <summary>The last allowed validation; up to 5 seconds behind.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The time at which the key expires or expired; null: never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The time of the suspension; null when the key is not suspended.</summary>
    public required DateTimeOffset? SuspendedAt { get; init; }

    /// <summary>The caller's reason for the suspension.</summary>
    public required string? SuspensionReason { get; init; }

    /// <summary>The time of the revocation; null when the key is not revoked.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The caller's reason for the revocation; <c>owner_deleted</c> for a key that ended with its owner.</summary>
    public required string? RevocationReason { get; init; }

    /// <summary>The key's secrets that have not ended; several during a rotation's overlap, at most 4.</summary>
    public required IReadOnlyList<KeySecret> Secrets { get; init; }

    /// <summary>The time at which the key was issued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of the last change of the key's state; a use is no change.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The secret in plain text: only in answers that create or rotate a key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }

    /// <summary>The receipt that the change is in force: only in the answer to a change that verifiers' decisions depend on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }

    /// <summary>Leaves the secret out, so that a log entry of a key shows none.</summary>
    public override string ToString() => $"ApiKey {Id} ({ObfuscatedValue}, {Status})";
}
