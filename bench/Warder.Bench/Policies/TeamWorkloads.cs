using System.Globalization;
using Warder.Cedar;
using Warder.Cedar.Values;

namespace Warder.Bench.Policies;

/// <summary>
/// An application with teams as customers, with projects: 10,000 users and 10,000 documents. Either the scope of each policy names its
/// team, or all policies have one scope and differ in their conditions: then no index helps.
/// </summary>
internal static class TeamWorkloads
{
    private const int Users = 10_000;
    private const int Documents = 10_000;
    private const int Requests = 20_000;

    public static Workload Scoped(int policies)
    {
        var text = string.Join('\n', Enumerable.Range(0, policies).Select(i => i % 10 == 9
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"forbid(principal in Team::\"team-{i}\", action, resource in Project::\"project-{i}\")"
                + $" when {{ context.hour < 6 && !context.mfa }};")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"permit(principal in Team::\"team-{i}\", action in [Action::\"view\", Action::\"edit\"],"
                + $" resource in Project::\"project-{i}\") when {{ context.mfa || resource.owner == principal }};")));
        return Make($"{policies:N0} scope-keyed policies", text, policies);
    }

    public static Workload Shared(int policies)
    {
        var text = string.Join('\n', Enumerable.Range(0, policies).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{(i % 10 == 9 ? "forbid" : "permit")}(principal, action == Action::\"view\", resource)"
            + $" when {{ resource.number == {i} && principal.level > {i % 7} && context.mfa }};")));
        return Make($"{policies:N0} policies of one scope", text, policies);
    }

    private static Workload Make(string name, string text, int policies)
    {
        var chance = new Chance(policies);
        var (users, documents) = (Chance.Names("User", Users), Chance.Names("Document", Documents));
        var (teams, projects) = (Chance.Names("Team", policies), Chance.Names("Project", policies));
        EntityUid[] actions = [new EntityUid("Action", "view"), new EntityUid("Action", "edit")];
        var entities = new List<Entity>();
        for (var i = 0; i < Users; i++)
            entities.Add(new Entity(users[i], Record(("level", chance.Below(10))), [teams[i % policies]]));
        for (var i = 0; i < Documents; i++)
            entities.Add(new Entity(documents[i], Record(("owner", chance.Of(users)), ("number", i % policies)), [projects[i % policies]]));

        // Half of the requests are for a document of the user's own team.
        var requests = Enumerable.Range(0, Requests).Select(_ => chance.Below(Users)).Select(user => chance.Request(
            users[user], chance.Of(actions), documents[chance.With(0.5) ? Own(user, policies, chance) : chance.Below(Documents)]));
        return new Workload(name, text, entities, [.. requests]);
    }

    private static int Own(int user, int policies, Chance chance)
    {
        var team = user % policies;
        return team + (policies * chance.Below(((Documents - team - 1) / policies) + 1));
    }

    private static CedarRecord Record(params ReadOnlySpan<(string Name, Value Value)> fields)
    {
        var pairs = new KeyValuePair<string, Value>[fields.Length];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = KeyValuePair.Create(fields[i].Name, fields[i].Value);
        return CedarRecord.Create(pairs);
    }
}
