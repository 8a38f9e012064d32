using System.Text;
using Warder.Contracts.Keys;
using Warder.Core.Ids;
using Warder.Core.Verification;
using CoreCode = Warder.Core.Verification.DecisionCode;

namespace Warder.Client.Replicas;

/// <summary>Decisions in the shape that the API gives them.</summary>
public static class DecisionShapes
{
    /// <summary>The same answer as <c>POST /api_keys/validations</c> gives.</summary>
    public static Validation ToValidation(this Decision decision) => new(
        decision.Allow ? Key(decision.Entry!, decision.EffectiveSlugs()) : null,
        new ValidationDecision
        {
            Allow = decision.Allow,
            Code = Decision.NameOf(decision.Allow || decision.Code != CoreCode.Allowed ? decision.Code : CoreCode.Unavailable),
            ApiKeyId = !decision.Allow && decision.Entry is { } entry ? Id.Format(IdKind.ApiKey, entry.Id) : null,
        });

    /// <summary>The code of a decision that a node made, by its name.</summary>
    internal static CoreCode CodeOf(string name) => string.Equals(name, Decision.NameOf(CoreCode.Allowed), StringComparison.Ordinal) ? CoreCode.Allowed : Decision.CodeOf(name);

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
            Type = OwnerTypes.User, Id = Id.Format(IdKind.User, member.User.Id), OrganizationId = Id.Format(IdKind.Organization, organization.Id),
        });

    private static DateTimeOffset? Time(long milliseconds) => milliseconds == KeyEntry.Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
