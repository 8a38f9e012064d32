using System.Text;
using Warder.Contracts.Replicas;
using Warder.Core.Ids;
using Warder.Core.Verification;

namespace Warder.Server.Replicas;

/// <summary>A key as it was read, as a replica is told of it.</summary>
internal static class ReplicaKeys
{
    public static ReplicaKey Of(LoadedKey key, long useProof) => new()
    {
        AsOf = key.AsOfSequence,
        Id = Id.Format(IdKind.ApiKey, key.Id),
        SecretNumber = key.SecretNumber,
        Organization = new ReplicaSubject(Id.Format(IdKind.Organization, key.OrganizationId), key.OrganizationEnded),
        Membership = key.Membership is { } membership ? Of(membership) : null,
        GrantNumber = key.Grant.Id,
        Permissions = [.. key.Grant.Permissions.Select(Of)],
        State = (int)key.State,
        Suspended = key.Suspended,
        SecretEnded = key.SecretEnded,
        ExpiresAt = Time(key.ExpiresAtMilliseconds),
        SecretEndsAt = Time(key.SecretEndsAtMilliseconds),
        CreatedAt = key.CreatedAtMilliseconds,
        UpdatedAt = key.UpdatedAtMilliseconds,
        LastUsedAt = Time(key.LastUsedAtMilliseconds),
        Name = Encoding.UTF8.GetString(key.Text, 0, key.NameLength),
        ObfuscatedValue = Encoding.UTF8.GetString(key.Text.AsSpan(key.NameLength)),
        UseProof = useProof,
    };

    private static ReplicaMembership Of(LoadedMembership membership) => new(
        Id.Format(IdKind.Membership, membership.Id),
        (int)membership.Status,
        new ReplicaSubject(Id.Format(IdKind.User, membership.UserId), membership.UserEnded),
        Id.Format(IdKind.Role, membership.Role.Id),
        membership.Role.Permissions?.Select(static id => Id.Format(IdKind.Permission, id)).ToList());

    private static ReplicaPermission Of(LoadedPermission permission) => new(
        Id.Format(IdKind.Permission, permission.Id), Encoding.UTF8.GetString(permission.Slug), permission.Ended ? 0 : (int)permission.Allowed);

    private static long? Time(long milliseconds) => milliseconds == KeyEntry.Never ? null : milliseconds;
}
