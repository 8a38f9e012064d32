using Warder.Core.Time;

namespace Warder.Storage.Keys;

/// <summary>Counts the live keys that end with an owner: an organization, a user or a membership.</summary>
/// <remarks>
/// No index of an owner's keys holds their state, because each revocation would then write a page of that index. A count therefore reads a
/// row for each key of the owner: about a second for a million keys. For an owner with many keys, <see cref="TallyKeys"/> counts before the
/// change on a session that reads. The writer counts again only if the owner's keys may have changed since then.
/// </remarks>
public sealed class KeyEndings
{
    /// <summary>The number of keys, ended ones included, above which the keys are counted before the change.</summary>
    public const int Many = 5_000;

    private readonly int environment;
    private readonly string id;
    private readonly string owners;
    // Conditions on api_keys k and events e; the first argument is the owner's id. An index has the keys of each kind of owner.
    private readonly string keys;
    private readonly string keysByExpiry;
    private readonly string events;

    private KeyEndings(int environment, string owners, string column, string id, string events)
    {
        (this.environment, this.owners, this.id, this.events) = (environment, owners, id, events);
        keys = $"k.{column} = $1 AND k.{column} <> ''";
        // The concatenation keeps the planner from the owner's index.
        keysByExpiry = $"(k.{column} || '') = $1";
    }

    /// <summary>The keys of an organization and of its members.</summary>
    public static KeyEndings OfOrganization(int environment, string organizationId)
        => new(environment, "organizations", "organization_id", organizationId, "e.organization_id = $1");

    /// <summary>The keys of a user, in all organizations.</summary>
    public static KeyEndings OfUser(int environment, string userId)
        => new(
            environment, "users", "user_id", userId,
            "e.organization_id IN (SELECT organization_id FROM memberships WHERE user_id = $1)");

    /// <summary>The keys of a membership.</summary>
    public static KeyEndings OfMembership(int environment, string membershipId) => new(
        environment, "memberships", "membership_id", membershipId,
        "e.organization_id = (SELECT organization_id FROM memberships WHERE environment = $3 AND id = $1)");

    /// <summary>
    /// Whether the environment has the owner, and the owner has so many keys, ended ones included, that other changes should not wait while
    /// they are counted. Without the first condition, a caller of another environment could cause counts.
    /// </summary>
    public bool AreMany(Session session)
        => session.Number(
            $"SELECT COUNT(*) FROM (SELECT 1 FROM api_keys k WHERE {keys}"
            + $" AND EXISTS (SELECT 1 FROM {owners} o WHERE o.environment = $3 AND o.id = $1 AND o.deleted_at IS NULL) LIMIT $2) most",
            id, Many + 1, environment) > Many;

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
            + $" WHERE {keys} AND k.state = 0 AND (k.expires_at IS NULL OR k.expires_at > $2) AND m.deleted_at IS NULL",
            id, now.UnixMilliseconds);

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
                $"SELECT COUNT(*) FROM events e WHERE e.seq > $2 AND e.environment = $3 AND (e.organization_id IS NULL OR {events})",
                id, earlier.Sequence, environment) == 0
            && session.Number(
                $"SELECT COUNT(*) FROM api_keys k WHERE k.state = 0 AND k.expires_at > $2 AND k.expires_at <= $3 AND {keysByExpiry}",
                id, earlier.At.UnixMilliseconds, now.UnixMilliseconds) == 0;
}
