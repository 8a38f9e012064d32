using Warder.Core.Time;

namespace Warder.Storage.Keys;

/// <summary>Counts the keys that end with an owner, over an index, without reading a key.</summary>
public static class KeyEndings
{
    /// <summary>Counts the keys of an organization and its members that still work.</summary>
    public static long OfOrganization(Session session, string organizationId, Instant now)
        => session.Number(
            "SELECT COUNT(*) FROM api_keys k LEFT JOIN memberships m ON m.environment = k.environment AND m.id = k.membership_id"
            + " WHERE k.organization_id = $1 AND k.state = 0 AND (k.expires_at IS NULL OR k.expires_at > $2) AND m.deleted_at IS NULL",
            organizationId, now.UnixMilliseconds);

    /// <summary>Counts the keys of one membership that still work.</summary>
    public static long OfMembership(Session session, string organizationId, string membershipId, Instant now)
        => session.Number(
            "SELECT COUNT(*) FROM api_keys WHERE organization_id = $1 AND membership_id = $2 AND state = 0 AND (expires_at IS NULL OR expires_at > $3)",
            organizationId, membershipId, now.UnixMilliseconds);

    /// <summary>Counts the keys of a user that still work, in all organizations.</summary>
    public static long OfUser(Session session, string userId, Instant now)
        => session.All(
                "SELECT organization_id, id FROM memberships WHERE user_id = $1 AND deleted_at IS NULL",
                static row => (OrganizationId: row.GetString(0), Id: row.GetString(1)), userId)
            .Sum(membership => OfMembership(session, membership.OrganizationId, membership.Id, now));
}
