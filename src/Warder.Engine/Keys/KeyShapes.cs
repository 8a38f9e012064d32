using Warder.Core.Directory;
using Warder.Core.Time;
using Warder.Core.Verification;
using Contract = Warder.Contracts.Keys;
using Model = Warder.Core.Keys;

namespace Warder.Engine.Keys;

/// <summary>Converts keys to the form that answers show.</summary>
internal static class KeyShapes
{
    /// <summary>Converts a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The time that its status is decided by.</param>
    /// <param name="value">Its new secret, in the one answer that shows it.</param>
    public static Contract.ApiKey Of(Model.ApiKey key, Instant now, string? value = null)
    {
        var newest = key.Secrets[^1];
        return new Contract.ApiKey
        {
            Id = key.Id,
            Owner = Of(key.Owner),
            Name = key.Name,
            ObfuscatedValue = newest.ObfuscatedValue,
            Permissions = [.. key.Permissions.Select(permission => permission.Slug)],
            EffectivePermissions = [.. key.EffectivePermissions.Select(permission => permission.Slug)],
            Status = Name(DecisionRules.StatusOf(key, now)),
            Purpose = key.Purpose,
            ResponsibleUserId = key.ResponsibleUserId,
            CreatedBy = key.CreatedBy,
            LastUsedAt = Time(key.LastUsedAt),
            ExpiresAt = Time(key.ExpiresAt),
            SuspendedAt = Time(key.SuspendedAt),
            SuspensionReason = key.SuspensionReason,
            RevokedAt = Time(key.RevokedAt),
            RevocationReason = key.RevocationReason,
            Secrets = [.. key.Secrets.Where(secret => secret.IsLive(now) || secret == newest).Select(Of)],
            CreatedAt = Time(key.CreatedAt),
            UpdatedAt = Time(key.UpdatedAt),
            Value = value,
        };
    }

    /// <summary>Converts a secret, without its value.</summary>
    public static Contract.KeySecret Of(Model.KeySecret secret) => new()
    {
        Id = secret.Id,
        ObfuscatedValue = secret.ObfuscatedValue,
        CreatedAt = Time(secret.CreatedAt),
        EndsAt = Time(secret.EndsAt),
        LastUsedAt = Time(secret.LastUsedAt),
    };

    /// <summary>Returns the API's name of a status.</summary>
    public static string Name(KeyStatus status) => status switch
    {
        KeyStatus.Active => Contract.KeyStatus.Active,
        KeyStatus.Suspended => Contract.KeyStatus.Suspended,
        KeyStatus.OwnerInactive => Contract.KeyStatus.OwnerInactive,
        KeyStatus.Expired => Contract.KeyStatus.Expired,
        _ => Contract.KeyStatus.Revoked,
    };

    /// <summary>Parses the API's name of a status.</summary>
    /// <returns>Null: there is none of that name.</returns>
    public static KeyStatus? Parse(string name)
    {
        foreach (var status in Enum.GetValues<KeyStatus>())
        {
            if (string.Equals(Name(status), name, StringComparison.Ordinal))
                return status;
        }

        return null;
    }

    /// <summary>Converts a time to its JSON form.</summary>
    public static DateTimeOffset Time(Instant instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.UnixMilliseconds);

    /// <summary>Converts a time or null to its JSON form.</summary>
    public static DateTimeOffset? Time(Instant? instant) => instant is { } at ? Time(at) : null;

    private static Contract.KeyOwner Of(Owner<string, MemberIds> owner) => owner.Match(
        static organization => new Contract.KeyOwner { Type = Contract.OwnerTypes.Organization, Id = organization },
        static (organization, member) => new Contract.KeyOwner
        {
            Type = Contract.OwnerTypes.User, Id = member.UserId, OrganizationId = organization,
        });
}
