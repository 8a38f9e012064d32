using System.Text;
using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Verification;
using Warder.Protocol;

namespace Warder.Client.Replicas;

/// <summary>Converts a key in a node's message to the form that memory holds.</summary>
internal static class KeyReader
{
    /// <summary>
    /// The environment number of all keys in a replica: a replica holds one environment, so its number in the database is not needed.
    /// </summary>
    public const int Environment = 0;

    /// <exception cref="FormatException">The key is not in the form that nodes send.</exception>
    public static LoadedKey Read(ReplicaKey key)
    {
        var name = Encoding.UTF8.GetBytes(key.Name);
        return new LoadedKey
        {
            AsOfSequence = key.AsOf,
            Environment = Environment,
            RequiredLevel = key.RequiredLevel,
            Id = Id.Parse(IdKind.ApiKey, key.Id),
            SecretNumber = key.SecretNumber,
            Owner = Owner(key),
            Grant = new LoadedGrant(key.GrantNumber, [.. key.Permissions.Select(Read)]),
            State = (KeyState)key.State,
            Suspended = key.Suspended,
            SecretEnded = key.SecretEnded,
            ExpiresAtMilliseconds = key.ExpiresAt ?? KeyEntry.Never,
            SecretEndsAtMilliseconds = key.SecretEndsAt ?? KeyEntry.Never,
            CreatedAtMilliseconds = key.CreatedAt,
            UpdatedAtMilliseconds = key.UpdatedAt,
            LastUsedAtMilliseconds = key.LastUsedAt ?? KeyEntry.Never,
            Text = [.. name, .. Encoding.UTF8.GetBytes(key.ObfuscatedValue)],
            NameLength = name.Length,
            UseProof = key.UseProof,
        };
    }

    public static AcceptedTokenFormats Read(ReplicaTokenFormats forms)
        => new(
            forms.Prefix,
            [.. forms.Schemes.Select(static scheme => new ImportScheme(scheme.Prefix, scheme.Length, (SchemeAlphabet)scheme.Alphabet))]);

    // On the wire, a key without a membership is an organization's. Another kind of owner needs a higher feature level.
    private static Owner<LoadedOrganization, LoadedMembership> Owner(ReplicaKey key)
    {
        var organization = new LoadedOrganization(Id.Parse(IdKind.Organization, key.Organization.Id), key.Organization.Ended);
        return key.Membership is { } membership
            ? Owner<LoadedOrganization, LoadedMembership>.OfMember(organization, Read(membership))
            : Owner<LoadedOrganization, LoadedMembership>.OfOrganization(organization);
    }

    private static LoadedMembership Read(ReplicaMembership membership) => new(
        Id.Parse(IdKind.Membership, membership.Id),
        (MembershipStatus)membership.Status,
        Id.Parse(IdKind.User, membership.User.Id),
        membership.User.Ended,
        new LoadedRole(
            Id.Parse(IdKind.Role, membership.RoleId),
            membership.RolePermissionIds?.Select(static id => Id.Parse(IdKind.Permission, id)).ToHashSet()));

    private static LoadedPermission Read(ReplicaPermission permission)
        => new(
            Id.Parse(IdKind.Permission, permission.Id), Encoding.UTF8.GetBytes(permission.Slug),
            (OwnerTypes)permission.AllowedOwnerTypes, Ended: false);
}
