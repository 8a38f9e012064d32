using System.Globalization;
using Warder.Core.Directory;
using Warder.Core.Time;

namespace Warder.Storage.Keys;

/// <summary>Counts the live keys that end with an owner: an organization, a user or a membership.</summary>
/// <remarks>
/// No index holds the state of keys, because each revocation would then write a page of that index. A count therefore reads a row for each
/// key of the owner: about a second for a million keys. For an owner with many keys, <see cref="TallyKeys"/> counts before the change on a
/// session that reads. The writer counts again only if the owner's keys may have changed since then.
/// </remarks>
public sealed class KeyEndings
{
    /// <summary>The number of keys, ended ones included, from which the keys are counted before the change.</summary>
    public const int Many = 5_000;

    private readonly int environment;
    // The owner's keys by the owner's index, its keys without that index, and the events of its organizations.
    private readonly Condition keys;
    private readonly Condition keysByExpiry;
    private readonly Condition events;

    private KeyEndings(int environment, Condition keys, Condition keysByExpiry, Condition events)
        => (this.environment, this.keys, this.keysByExpiry, this.events) = (environment, keys, keysByExpiry, events);

    /// <summary>The keys of an organization and of its members.</summary>
    public static KeyEndings OfOrganization(int environment, string organizationId) => new(
        environment,
        new("k.organization_id = {0}", organizationId),
        new("(k.organization_id || '') = {0}", organizationId),
        new("e.organization_id = {0}", organizationId));

    /// <summary>The keys of a user, in all organizations.</summary>
    public static KeyEndings OfUser(int environment, string userId) => new(
        environment,
        new("k.user_id <> '' AND k.user_id = {0}", userId),
        new("(k.user_id || '') = {0}", userId),
        new("e.organization_id IN (SELECT organization_id FROM memberships WHERE user_id = {0})", userId));

    /// <summary>The keys of a membership.</summary>
    public static KeyEndings OfMembership(Membership membership) => new(
        membership.Environment,
        new("k.user_id <> '' AND k.user_id = {0} AND (k.membership_id || '') = {1}", membership.UserId, membership.Id),
        new("(k.membership_id || '') = {0}", membership.Id),
        new("e.organization_id = {0}", membership.OrganizationId));

    /// <summary>
    /// Whether the owner has so many keys, ended ones included, that other changes should not wait while they are counted.
    /// </summary>
    public bool AreMany(Session session)
        => session.Number(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM api_keys k WHERE {keys.From(2)} LIMIT $1) most",
            [Many + 1, .. keys.Values]) > Many;

    /// <summary>Counts the keys before the change.</summary>
    /// <param name="session">A session inside a transaction that reads one snapshot.</param>
    /// <param name="now">The time that decides which keys have expired.</param>
    public KeyTally TallyKeys(Session session, Instant now) => new(Count(session, now), Log.Head(session).Sequence, now);

    /// <summary>Counts the keys.</summary>
    /// <param name="session">Any session; the writer's has locked the rows of the owner.</param>
    /// <param name="now">The time that decides which keys have expired.</param>
    public long Count(Session session, Instant now)
        => session.Number(
            "SELECT COUNT(*) FROM api_keys k LEFT JOIN memberships m ON m.environment = k.environment AND m.id = k.membership_id"
            + $" WHERE {keys.From(2)} AND k.state = 0 AND (k.expires_at IS NULL OR k.expires_at > $1) AND m.deleted_at IS NULL",
            [now.UnixMilliseconds, .. keys.Values]);

    /// <summary>Returns an earlier count if it still holds, and counts again if it may not.</summary>
    /// <param name="session">The writer's session. It has locked the rows of the owner.</param>
    /// <param name="now">The time that decides which keys have expired.</param>
    /// <param name="earlier">The earlier count; null: there is none.</param>
    public long Count(Session session, Instant now, KeyTally? earlier)
        => earlier is not null && StillHolds(session, now, earlier) ? earlier.Count : Count(session, now);

    // Each change of a key or of its owner appends an event. A key that passes its expiry appends none at that time.
    private bool StillHolds(Session session, Instant now, KeyTally earlier)
        => now >= earlier.At
            && session.Number(
                "SELECT COUNT(*) FROM events e WHERE e.seq > $1 AND e.environment = $2"
                + $" AND (e.organization_id IS NULL OR {events.From(3)})",
                [earlier.Sequence, environment, .. events.Values]) == 0
            && session.Number(
                $"SELECT COUNT(*) FROM api_keys k WHERE k.expires_at > $1 AND k.expires_at <= $2 AND {keysByExpiry.From(3)}",
                [earlier.At.UnixMilliseconds, now.UnixMilliseconds, .. keysByExpiry.Values]) == 0;

    // A condition with the places {0} and {1} for its values.
    private sealed record Condition(string Sql, params string[] Values)
    {
        public string From(int first) => string.Format(CultureInfo.InvariantCulture, Sql, $"${first}", $"${first + 1}");
    }
}
