namespace Warder.Testing;

/// <summary>A test key to issue.</summary>
public sealed record TestKeyRequest
{
    /// <summary>The key's name.</summary>
    public string Name { get; init; } = "Test key";

    /// <summary>
    /// The organization that owns the key, or in which <see cref="User"/> is a member: an id (<c>org_…</c>), or any name, from which an id
    /// is made that is the same in each run.
    /// </summary>
    public string Organization { get; init; } = "acme";

    /// <summary>The user who holds the key, by id (<c>user_…</c>) or by name; null: it is the organization's own key.</summary>
    public string? User { get; init; }

    /// <summary>What is granted.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>When the key ends by itself; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
