namespace Warder.Contracts.Keys;

/// <summary>A good key as a validation shows it: what a protected API needs to know of its caller.</summary>
public sealed record ValidatedKey
{
    /// <summary><c>api_key</c></summary>
    public string Object { get; init; } = "api_key";

    /// <summary><c>api_key_…</c></summary>
    public required string Id { get; init; }

    /// <summary>Who the key acts for.</summary>
    public required KeyOwner Owner { get; init; }

    /// <summary>1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What people know the presented secret by.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary>The last allowed validation before; up to 5 seconds behind.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When the key ends by itself; null: never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The effective permissions: granted, and still within what the owner may have.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
