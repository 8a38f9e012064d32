namespace Warder.Contracts.Keys;

/// <summary>The values of <see cref="ApiKey.Status"/>. A key is valid only while <see cref="Active"/>.</summary>
public static class KeyStatus
{
    /// <summary>Valid.</summary>
    public const string Active = "active";

    /// <summary>Suspended; can be resumed.</summary>
    public const string Suspended = "suspended";

    /// <summary>The owner is inactive; the key works again when the owner is active.</summary>
    public const string OwnerInactive = "owner_inactive";

    /// <summary>Expired, by its time or by command.</summary>
    public const string Expired = "expired";

    /// <summary>Revoked, deleted, or ended with its owner: for good.</summary>
    public const string Revoked = "revoked";
}
