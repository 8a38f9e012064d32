using Warder.Cli.Output;
using Warder.Contracts.Keys;

namespace Warder.Cli.Commands.Keys;

/// <summary>API keys as people see them.</summary>
internal static class KeyView
{
    public static readonly IReadOnlyList<Field<ApiKey>> Fields =
    [
        new("id", key => key.Id, InList: true),
        new("name", key => key.Name, InList: true),
        new("status", key => key.Status, InList: true),
        new("key", key => key.ObfuscatedValue, InList: true),
        new("owner", Owner, InList: true),
        new("permissions", key => Shown.Many(key.Permissions), InList: true),
        new("effective_permissions", key => Shown.Many(key.EffectivePermissions)),
        new("last_used_at", key => Shown.Time(key.LastUsedAt), InList: true),
        new("expires_at", key => Shown.Time(key.ExpiresAt), InList: true),
        new("purpose", key => key.Purpose),
        new("responsible_user_id", key => key.ResponsibleUserId),
        new("created_by", key => key.CreatedBy),
        new("suspended_at", key => Shown.Time(key.SuspendedAt)),
        new("suspension_reason", key => key.SuspensionReason),
        new("revoked_at", key => Shown.Time(key.RevokedAt)),
        new("revocation_reason", key => key.RevocationReason),
        new("secrets", key => Shown.Many(key.Secrets.Select(Secret))),
        new("created_at", key => Shown.Time(key.CreatedAt)),
        new("updated_at", key => Shown.Time(key.UpdatedAt)),
    ];

    public static string Owner(KeyOwner owner) => owner.OrganizationId is { } organization ? $"{owner.Id} in {organization}" : owner.Id;

    private static string Owner(ApiKey key) => Owner(key.Owner);

    private static string Secret(KeySecret secret)
        => secret.EndsAt is { } ends ? $"{secret.ObfuscatedValue} (ends {Shown.Time(ends)})" : secret.ObfuscatedValue;
}
