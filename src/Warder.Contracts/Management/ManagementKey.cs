using System.Text.Json.Serialization;
using Warder.Contracts.Json;
using Warder.Contracts.Keys;
using Warder.Contracts.Receipts;

namespace Warder.Contracts.Management;

/// <summary>A management key: a key with rights over Warder itself, in one environment.</summary>
public sealed record ManagementKey
{
    /// <summary><c>management_key</c></summary>
    public string Object { get; init; } = "management_key";

    /// <summary><c>management_key_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment that a request with this key acts on.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Of <see cref="RightNames"/>.</summary>
    public required IReadOnlyList<string> Rights { get; init; }

    /// <summary>The obfuscated value of the newest secret: <c>wdrm_...3456</c>.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary><c>active</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The management key that issued it; null for a key that was not issued over the API.</summary>
    public required string? CreatedBy { get; init; }

    /// <summary>The last use; up to 5 seconds behind.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The time at which the key expires; null: never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The time of the revocation; null when the key is not revoked.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Its secrets that have not ended; at most 4.</summary>
    public required IReadOnlyList<KeySecret> Secrets { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The secret in plain text: only in answers that create or rotate a key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Value { get; init; }

    /// <summary>The receipt that the change is in force: only in the answer to a change that verifiers' decisions depend on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }

    /// <summary>Leaves the secret out, so that a log entry of a key shows none.</summary>
    public override string ToString() => $"ManagementKey {Id} ({ObfuscatedValue}, {Status})";
}

/// <summary>POST <c>/management_keys</c>.</summary>
public sealed record CreateManagementKeyRequest
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Of <see cref="RightNames"/>, none beyond the caller's own.</summary>
    public required IReadOnlyList<string> Rights { get; init; }

    /// <summary>A future time; never if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>PATCH <c>/management_keys/{id}</c>, a merge patch.</summary>
public sealed record UpdateManagementKeyRequest
{
    /// <summary>Its name; cannot be cleared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>Replaces its rights; none beyond the caller's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>?> Rights { get; init; }

    /// <summary>A future time; null: never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }
}
