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

    /// <summary>Who the key acts for.</summary>
    public required KeyOwner Owner { get; init; }

    /// <summary>1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What people know the newest secret by: <c>wdr_live_...3456</c>.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary>The slugs that were granted.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>What remains of <see cref="Permissions"/> under what the owner may have now.</summary>
    public required IReadOnlyList<string> EffectivePermissions { get; init; }

    /// <summary>One of <see cref="KeyStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>What the key is for; ≤ 500 characters.</summary>
    public required string? Purpose { get; init; }

    /// <summary>The user who answers for the key.</summary>
    public required string? ResponsibleUserId { get; init; }

    /// <summary>The management key that issued it.</summary>
    public required string? CreatedBy { get; init; }

    /// <summary>The last allowed validation; up to 5 seconds behind.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it ends by itself, or ended; null: never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Since when it is suspended.</summary>
    public required DateTimeOffset? SuspendedAt { get; init; }

    /// <summary>Why it is suspended, as the caller gave it.</summary>
    public required string? SuspensionReason { get; init; }

    /// <summary>Since when it is revoked.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Why it is revoked, as the caller gave it; <c>owner_deleted</c> when it ended with its owner.</summary>
    public required string? RevocationReason { get; init; }

    /// <summary>The key's secrets that have not ended; several during a rotation's overlap, at most 4.</summary>
    public required IReadOnlyList<KeySecret> Secrets { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state last changed; use is no change.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The secret in the clear: in the answers that create or rotate, and nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }

    /// <summary>That it is in force everywhere: in the answer to a change of what verifiers answer by, and nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }

    /// <summary>Leaves the secret out, so that a logged key shows none.</summary>
    public override string ToString() => $"ApiKey {Id} ({ObfuscatedValue}, {Status})";
}
