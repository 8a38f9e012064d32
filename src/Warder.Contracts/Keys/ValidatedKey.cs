namespace Warder.Contracts.Keys;

/// <summary>A valid key as a validation shows it to a protected API.</summary>
public sealed record ValidatedKey
{
    /// <summary><c>api_key</c></summary>
    public string Object { get; init; } = "api_key";

    /// <summary><c>api_key_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The owner that the key acts for.</summary>
    public required KeyOwner Owner { get; init; }

    /// <summary>1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The obfuscated value of the presented secret.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary>The last allowed validation before this one; up to 5 seconds behind.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The time at which the key expires; null: never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The effective permissions: granted, and still within the owner's permissions.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>The time at which the key was issued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of the last change of the key's state.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
