using System.Text;
using Warder.Contracts.Keys;
using Warder.Core.Ids;
using Warder.Core.Verification;
using CoreCode = Warder.Core.Verification.DecisionCode;

namespace Warder.Client.Replicas;

/// <summary>Shows a decision's key in the shape that the API gives it.</summary>
internal static class DecisionShapes
{
    /// <summary>The key of an allow.</summary>
    public static ValidatedKey KeyOf(in Decision decision) => Key(decision.Entry!, decision.EffectiveSlugs());

    /// <summary>The id of the key that was found; null when none was.</summary>
    public static string? KeyIdOf(in Decision decision) => decision.Entry is { } entry ? Id.Format(IdKind.ApiKey, entry.Id) : null;

    /// <summary>The code of a decision that a node made, by its name.</summary>
    public static CoreCode CodeOf(string name)
        => string.Equals(name, Decision.NameOf(CoreCode.Allowed), StringComparison.Ordinal)
            ? CoreCode.Allowed
            : Decision.CodeOf(name);

    private static ValidatedKey Key(KeyEntry entry, IReadOnlyList<string> permissions) => new()
    {
        Id = Id.Format(IdKind.ApiKey, entry.Id),
        Owner = Owner(entry),
        Name = Encoding.UTF8.GetString(entry.Name),
        ObfuscatedValue = Encoding.UTF8.GetString(entry.ObfuscatedValue),
        LastUsedAt = Time(entry.LastUsedAtMilliseconds),
        ExpiresAt = Time(entry.ExpiresAtMilliseconds),
        Permissions = permissions,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(entry.CreatedAtMilliseconds),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(entry.UpdatedAtMilliseconds),
    };

    private static KeyOwner Owner(KeyEntry entry) => entry.Owned.Owner.Match(
        static organization => new KeyOwner { Type = OwnerTypes.Organization, Id = Id.Format(IdKind.Organization, organization.Id) },
        static (organization, member) => new KeyOwner
        {
            Type = OwnerTypes.User,
            Id = Id.Format(IdKind.User, member.User.Id),
            OrganizationId = Id.Format(IdKind.Organization, organization.Id),
        });

    private static DateTimeOffset? Time(long milliseconds)
        => milliseconds == KeyEntry.Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
