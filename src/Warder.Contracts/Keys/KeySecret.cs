namespace Warder.Contracts.Keys;

/// <summary>One secret of a key, as it may be shown.</summary>
public sealed record KeySecret
{
    /// <summary><c>secret_…</c></summary>
    public required string Id { get; init; }

    /// <summary>What people know it by: <c>wdr_live_...3456</c>.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops working, once it has been rotated out; null: with the key.</summary>
    public required DateTimeOffset? EndsAt { get; init; }

    /// <summary>The last allowed validation with it; up to 5 seconds behind.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }
}
