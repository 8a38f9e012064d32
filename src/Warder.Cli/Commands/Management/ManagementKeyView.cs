using Warder.Cli.Output;
using Warder.Contracts.Keys;
using Warder.Contracts.Management;

namespace Warder.Cli.Commands.Management;

/// <summary>Management keys as people see them.</summary>
internal static class ManagementKeyView
{
    public static readonly IReadOnlyList<Field<ManagementKey>> Fields =
    [
        new("id", key => key.Id, InList: true),
        new("name", key => key.Name, InList: true),
        new("status", key => key.Status, InList: true),
        new("key", key => key.ObfuscatedValue, InList: true),
        new("rights", key => Shown.Many(key.Rights), InList: true),
        new("environment_id", key => key.EnvironmentId),
        new("last_used_at", key => Shown.Time(key.LastUsedAt), InList: true),
        new("expires_at", key => Shown.Time(key.ExpiresAt), InList: true),
        new("created_by", key => key.CreatedBy),
        new("revoked_at", key => Shown.Time(key.RevokedAt)),
        new("secrets", key => Shown.Many(key.Secrets.Select(Secret))),
        new("created_at", key => Shown.Time(key.CreatedAt)),
        new("updated_at", key => Shown.Time(key.UpdatedAt)),
    ];

    private static string Secret(KeySecret secret)
        => secret.EndsAt is { } ends ? $"{secret.ObfuscatedValue} (ends {Shown.Time(ends)})" : secret.ObfuscatedValue;
}
