using Warder.Cedar;
using Warder.Cedar.Values;

namespace Warder.Bench.Policies;

/// <summary>
/// The second of the paper's workloads (github): repositories of organizations, with five roles each. Users and teams in teams have roles,
/// and members of an organization have the roles that it gives. 50 of each kind, connected with a probability of one in twenty. The
/// policies are Warder's own.
/// </summary>
internal static class RepositoryWorkload
{
    private const int Each = 50;
    private const double Connected = 0.05;
    private const int Requests = 20_000;

    // Each role includes the roles below it.
    private static readonly string[] Roles = ["read", "triage", "write", "maintain", "admin"];

    private static readonly string[] OfOrganizations = ["read", "write", "admin"];

    private static readonly string Policies = string.Join('\n', Roles.Select(role =>
        $"permit(principal, action in Action::\"{role}\", resource is Repository) when {{ principal in resource.{role} }};")
        .Concat(OfOrganizations.Select(role =>
            $"permit(principal, action in Action::\"{role}\", resource is Repository) when {{ principal in resource.owner.{role} }};")));

    public static Workload Make()
    {
        var chance = new Chance(2);
        var (users, teams) = (Chance.Names("User", Each), Chance.Names("Team", Each));
        var (repositories, organizations) = (Chance.Names("Repository", Each), Chance.Names("Organization", Each));
        var entities = new List<Entity>();
        for (var i = 0; i < Roles.Length; i++)
            entities.Add(new Entity(Action(Roles[i]), null, i + 1 < Roles.Length ? [Action(Roles[i + 1])] : []));
        for (var i = 0; i < Each; i++)
        {
            entities.AddRange(Roles.Select(role => new Entity(Holders(repositories[i], role))));
            entities.AddRange(OfOrganizations.Select(role => new Entity(Holders(organizations[i], role))));
            entities.Add(new Entity(repositories[i], Record(repositories[i], Roles, ("owner", chance.Of(organizations)))));
            entities.Add(new Entity(organizations[i], Record(organizations[i], OfOrganizations), Given(organizations, OfOrganizations)));
            entities.Add(new Entity(teams[i], null, [.. chance.Some(teams.Take(i), Connected), .. Given(repositories, Roles)]));
            entities.Add(new Entity(users[i], null,
            [
                .. Given(repositories, Roles), .. chance.Some(teams, Connected), .. chance.Some(organizations, Connected),
                .. Given(organizations, OfOrganizations),
            ]));
        }

        var requests = Enumerable.Range(0, Requests).Select(
            _ => chance.Request(chance.Of(users), Action(chance.Of(Roles)), chance.Of(repositories)));
        return new Workload("github", Policies, entities, [.. requests]);

        EntityUid[] Given(EntityUid[] places, string[] roles) => [
            .. chance.Some(places, Connected).Select(place => Holders(place, chance.Of(roles)))];
    }

    private static EntityUid Action(string role) => new("Action", role);

    private static EntityUid Holders(EntityUid place, string role) => new("Holders", $"{place.Id} {role}");

    private static CedarRecord Record(EntityUid place, string[] roles, params IEnumerable<(string Name, Value Value)> others)
        => CedarRecord.Create(
            [.. roles.Select(role => (Name: role, Value: (Value)Holders(place, role))).Concat(others)
                .Select(it => KeyValuePair.Create(it.Name, it.Value))]);
}
