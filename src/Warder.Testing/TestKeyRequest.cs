namespace Warder.Testing;

/// <summary>A test key to issue.</summary>
public sealed record TestKeyRequest
{
    /// <summary>The key's name.</summary>
    public string Name { get; init; } = "Test key";

    /// <summary>
    /// The organization that owns the key, or in which <see cref="User"/> is a member: an id (<c>org_…</c>) or a name. A name gets an id
    /// that is the same in each run.
    /// </summary>
    public string Organization { get; init; } = "acme";

    /// <summary>The user that holds the key, by id (<c>user_…</c>) or by name; null: the organization itself owns the key.</summary>
    public string? User { get; init; }

    /// <summary>The permissions to grant.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>When the key ends by itself; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
