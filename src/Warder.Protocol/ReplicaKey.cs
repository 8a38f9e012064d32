namespace Warder.Protocol;

/// <summary>
/// One secret of one key as a replica holds it: all data that a validation needs, and no secret value. Times are unix milliseconds.
/// </summary>
public sealed record ReplicaKey
{
    /// <summary>The number of the log's last event when the key was read.</summary>
    public required long AsOf { get; init; }

    /// <summary>
    /// The feature level that the environment required at that event. A replica of a lower level requests whole decisions from its node
    /// instead of holding the key.
    /// </summary>
    public required int RequiredLevel { get; init; }

    /// <summary><c>api_key_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The number of the secret among the key's secrets.</summary>
    public required int SecretNumber { get; init; }

    /// <summary>The owner, or the organization in which its user owns it.</summary>
    public required ReplicaSubject Organization { get; init; }

    /// <summary>The owner of a user's key; null for an organization's.</summary>
    public required ReplicaMembership? Membership { get; init; }

    /// <summary>The number of the set of granted permissions. Keys with the same number share the set.</summary>
    public required long GrantNumber { get; init; }

    /// <summary>The granted permissions, in order.</summary>
    public required IReadOnlyList<ReplicaPermission> Permissions { get; init; }

    /// <summary>Live 0, expired 1, revoked 2.</summary>
    public required int State { get; init; }

    /// <summary>Whether it is suspended.</summary>
    public required bool Suspended { get; init; }

    /// <summary>Whether this secret was ended outright.</summary>
    public required bool SecretEnded { get; init; }

    /// <summary>When the key expires; null: never.</summary>
    public required long? ExpiresAt { get; init; }

    /// <summary>When this secret ends; null: never.</summary>
    public required long? SecretEndsAt { get; init; }

    /// <summary>When the key was issued.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required long UpdatedAt { get; init; }

    /// <summary>The latest allowed validation; null: none.</summary>
    public required long? LastUsedAt { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The obfuscated value of the secret.</summary>
    public required string ObfuscatedValue { get; init; }

    /// <summary>
    /// Proves to any node that this secret's key was sent to this management key; <see cref="KeyUse.Proof"/> repeats it. 48 bits; 0: none.
    /// </summary>
    public long UseProof { get; init; }
}

/// <summary>An organization or a user.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Ended">Whether it was deleted.</param>
public sealed record ReplicaSubject(string Id, bool Ended);

/// <summary>A membership.</summary>
/// <param name="Id"><c>om_…</c></param>
/// <param name="Status">The status as in cache deltas.</param>
/// <param name="User">The member.</param>
/// <param name="RoleId"><c>role_…</c></param>
/// <param name="RolePermissionIds">The permissions of a capped role; null: it caps nothing.</param>
public sealed record ReplicaMembership(string Id, int Status, ReplicaSubject User, string RoleId, IReadOnlyList<string>? RolePermissionIds);

/// <summary>A granted permission.</summary>
/// <param name="Id"><c>perm_…</c></param>
/// <param name="Slug"><c>posts:read</c></param>
/// <param name="AllowedOwnerTypes">The owner types as in cache deltas; 0 after the permission's deletion.</param>
public sealed record ReplicaPermission(string Id, string Slug, int AllowedOwnerTypes);
