using Warder.Core.Faults;
using Warder.Core.Time;

namespace Warder.Core.Management;

/// <summary>
/// The authority of one secret of a management key, as one read of the store gives it. A command decides by the authority that its own
/// transaction reads: what a request was let in with may be gone when its body has arrived.
/// </summary>
/// <param name="Name">The key's name; null for what Warder does by itself.</param>
/// <param name="Rights">The key's rights.</param>
/// <param name="KeyEndsAt">When the key ends; null: never.</param>
/// <param name="SecretEndsAt">When the secret ends, which a rotation has replaced; null: with the key.</param>
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

    /// <summary>Whether it lasts yet.</summary>
    public bool IsLive(Instant now) => EndsAt is null || EndsAt > now;

    /// <summary>The fault for granting what would last longer than the authority itself; null when it would not.</summary>
    /// <param name="expiresAt">The end of what is granted; null: never.</param>
    /// <param name="field">The member at fault.</param>
    public Fault? OutlivedBy(Instant? expiresAt, string field = "expires_at")
        => EndsAt is { } end && (expiresAt is null || expiresAt > end)
            ? Fault.Field(field, "exceeds_grantor", $"The secret of the management key that you sent ends at {end}; what you grant with it must not end later.")
            : null;

    /// <summary>The fault for handing out, or laying hands on, rights that the key itself does not have; null when it has them.</summary>
    public Fault? Beyond(Rights target)
        => (target & ~Rights) == 0
            ? null
            : Fault.Forbidden("exceeds_grantor", "This management key has rights that yours does not: " + string.Join(", ", RightNames.Of(target & ~Rights)) + ".");

    /// <summary>The fault for what only a secret without an end of its own may do to management keys; null when this is one.</summary>
    public Fault? Superseded()
        => SecretEndsAt is { } end
            ? Fault.Forbidden(
                "secret_superseded",
                $"The secret that you sent was replaced by a rotation and ends at {end}. It rotates no management key and changes none but its own: use the newest secret.")
            : null;
}
