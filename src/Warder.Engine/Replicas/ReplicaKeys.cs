using System.Text;
using Warder.Core.Ids;
using Warder.Core.Verification;
using Warder.Protocol;

namespace Warder.Engine.Replicas;

/// <summary>Converts a key that was read to the form that replicas receive.</summary>
internal static class ReplicaKeys
{
    public static ReplicaKey Of(LoadedKey key, long useProof) => new()
    {
        AsOf = key.AsOfSequence,
        RequiredLevel = key.RequiredLevel,
        Id = Id.Format(IdKind.ApiKey, key.Id),
        SecretNumber = key.SecretNumber,
        Organization = new ReplicaSubject(Id.Format(IdKind.Organization, key.Owner.Organization.Id), key.Owner.Organization.Ended),
        Membership = key.Owner.Match<ReplicaMembership?>(static _ => null, static (_, member) => Of(member)),
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

    /// <summary>Converts a decision for a replica that cannot decide itself.</summary>
    public static DecisionAnswer Of(long number, Decision decision)
        => new(number, Decision.NameOf(decision.Code), decision.Entry is { } entry ? Of(entry) : null, decision.EffectiveSlugs());

    // Includes the properties of a key that the answer to a validation shows. No later decision can be made from them.
    private static ReplicaKey Of(KeyEntry entry) => new()
    {
        AsOf = 0,
        RequiredLevel = int.MaxValue,
        Id = Id.Format(IdKind.ApiKey, entry.Id),
        SecretNumber = entry.SecretNumber,
        Organization = new ReplicaSubject(
            Id.Format(IdKind.Organization, entry.Owned.Owner.Organization.Id), entry.Owned.Owner.Organization.Ended),
        Membership = entry.Owned.Owner.Match<ReplicaMembership?>(static _ => null, static (_, member) => Of(member)),
        GrantNumber = entry.Owned.Grant.Id,
        Permissions = [.. entry.Owned.Grant.Permissions.ToArray().Select(static permission => new ReplicaPermission(
            Id.Format(IdKind.Permission, permission.Id), Encoding.UTF8.GetString(permission.Slug), (int)permission.Allowed))],
        State = (int)entry.State,
        Suspended = entry.Suspended,
        SecretEnded = entry.SecretEnded,
        ExpiresAt = Time(entry.ExpiresAtMilliseconds),
        SecretEndsAt = Time(entry.SecretEndsAtMilliseconds),
        CreatedAt = entry.CreatedAtMilliseconds,
        UpdatedAt = entry.UpdatedAtMilliseconds,
        LastUsedAt = Time(entry.LastUsedAtMilliseconds),
        Name = Encoding.UTF8.GetString(entry.Name),
        ObfuscatedValue = Encoding.UTF8.GetString(entry.ObfuscatedValue),
    };

    private static ReplicaMembership Of(MembershipState membership) => new(
        Id.Format(IdKind.Membership, membership.Id),
        (int)membership.Status,
        new ReplicaSubject(Id.Format(IdKind.User, membership.User.Id), membership.User.Ended),
        Id.Format(IdKind.Role, membership.Role.Id), null);

    private static ReplicaMembership Of(LoadedMembership membership) => new(
        Id.Format(IdKind.Membership, membership.Id),
        (int)membership.Status,
        new ReplicaSubject(Id.Format(IdKind.User, membership.UserId), membership.UserEnded),
        Id.Format(IdKind.Role, membership.Role.Id),
        membership.Role.Permissions?.Select(static id => Id.Format(IdKind.Permission, id)).ToList());

    private static ReplicaPermission Of(LoadedPermission permission) => new(
        Id.Format(IdKind.Permission, permission.Id), Encoding.UTF8.GetString(permission.Slug),
        permission.Ended ? 0 : (int)permission.Allowed);

    private static long? Time(long milliseconds) => milliseconds == KeyEntry.Never ? null : milliseconds;
}
