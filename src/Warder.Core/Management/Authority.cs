using Warder.Core.Faults;
using Warder.Core.Time;

namespace Warder.Core.Management;

/// <summary>
/// The authority of one secret of a management key, from one read of the store. A command decides by the authority that its own transaction
/// reads: the authority that admitted a request can have ended before the request's body arrives.
/// </summary>
/// <param name="Name">The key's name; null for changes by Warder itself.</param>
/// <param name="Rights">The key's rights.</param>
/// <param name="KeyEndsAt">The end of the key; null: never.</param>
/// <param name="SecretEndsAt">The end of a secret that a rotation has replaced; null: the end of the key.</param>
public sealed record Authority(string? Name, Rights Rights, Instant? KeyEndsAt, Instant? SecretEndsAt)
{
    /// <summary>Warder itself: every right, without an end.</summary>
    public static Authority System { get; } = new(null, Rights.All, null, null);

    /// <summary>The authority of a secret that has ended: none.</summary>
    public static Authority None { get; } = new(null, Rights.None, default(Instant), default(Instant));

    /// <summary>The earlier of the two ends; null: never.</summary>
    public Instant? EndsAt => KeyEndsAt is { } key && SecretEndsAt is { } secret ? Instant.Min(key, secret) : KeyEndsAt ?? SecretEndsAt;

    /// <summary>Whether the secret was replaced by a rotation and works only until its overlap ends.</summary>
    public bool IsSuperseded => SecretEndsAt is not null;

    /// <summary>Whether the authority is in force at a time.</summary>
    public bool IsLive(Instant now) => EndsAt is null || EndsAt > now;

    /// <summary>Checks that a grant ends no later than the authority.</summary>
    /// <returns>The fault of a grant that would end later; null when it would not.</returns>
    /// <param name="expiresAt">The end of the grant; null: never.</param>
    /// <param name="field">The member at fault.</param>
    public Fault? OutlivedBy(Instant? expiresAt, string field = "expires_at")
        => EndsAt is { } end && (expiresAt is null || expiresAt > end)
            ? Fault.Field(
                field,
                "exceeds_grantor",
                $"The secret of the management key that you sent ends at {end}; what you grant with it must not end later.")
            : null;

    /// <summary>Checks that the authority has all rights of a management key that it grants or changes.</summary>
    /// <returns>The fault of a missing right; null when none is missing.</returns>
    public Fault? Beyond(Rights target)
        => (target & ~Rights) == 0
            ? null
            : Fault.Forbidden(
                "exceeds_grantor",
                "This management key has rights that yours does not: " + string.Join(", ", RightNames.Of(target & ~Rights)) + ".");

    /// <summary>Checks that the secret is not superseded. Some operations on management keys require this.</summary>
    /// <returns>The fault of a superseded secret; null when a rotation has not replaced it.</returns>
    public Fault? Superseded()
        => SecretEndsAt is { } end
            ? Fault.Forbidden(
                "secret_superseded",
                $"The secret that you sent was replaced by a rotation and ends at {end}. "
                    + "It rotates no management key and changes none but its own: use the newest secret.")
            : null;
}
