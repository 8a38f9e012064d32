namespace Warder.Contracts.Keys;

/// <summary>One secret of a key, without its value.</summary>
public sealed record KeySecret
{
    /// <summary><c>secret_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The obfuscated value of the secret: <c>wdr_live_...3456</c>.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary>The time at which the secret was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time at which a superseded secret stops working; null: the secret ends with the key.</summary>
    public required DateTimeOffset? EndsAt { get; init; }

    /// <summary>The last allowed validation with it; up to 5 seconds behind.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }
}
