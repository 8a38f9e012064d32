using Warder.Cedar;
using Warder.Cedar.Values;

namespace Warder.Bench.Policies;

/// <summary>
/// The third of the paper's workloads (tinytodo): lists with an owner, and with readers and editors, which are teams of users and of other
/// teams. 50 users and lists, and as many teams beside those of the lists. The policies are Warder's own.
/// </summary>
internal static class TodoWorkload
{
    private const int Each = 50;
    private const double Connected = 0.05;
    private const int Requests = 20_000;

    private const string Policies =
        """
        permit(principal, action in [Action::"CreateList", Action::"GetLists"], resource == Application::"application-0");
        permit(principal, action, resource is List) when { resource.owner == principal };
        permit(principal, action == Action::"GetList", resource is List)
          when { principal in resource.readers || principal in resource.editors };
        permit(principal, action in [Action::"UpdateList", Action::"CreateTask", Action::"UpdateTask", Action::"DeleteTask"],
          resource is List)
          when { principal in resource.editors };
        """;

    public static Workload Make()
    {
        var chance = new Chance(3);
        var (users, teams, lists, application) = (
            Chance.Names("User", Each), Chance.Names("Team", 3 * Each), Chance.Names("List", Each), Chance.Names("Application", 1));
        var entities = new List<Entity> { new(application[0]) };
        for (var i = 0; i < Each; i++)
        {
            // The teams of a list follow the other teams, which may be in them.
            var (readers, editors) = (teams[Each + (2 * i)], teams[Each + (2 * i) + 1]);
            entities.Add(new Entity(users[i], null, [.. chance.Some(teams, Connected), application[0]]));
            entities.Add(new Entity(teams[i], null, [.. chance.Some(teams.Skip(i + 1), Connected), application[0]]));
            entities.Add(new Entity(readers, null, [application[0]]));
            entities.Add(new Entity(editors, null, [application[0]]));
            entities.Add(new Entity(lists[i], CedarRecord.Create(
                KeyValuePair.Create("owner", (Value)chance.Of(users)), KeyValuePair.Create("readers", (Value)readers),
                KeyValuePair.Create("editors", (Value)editors)), [application[0]]));
        }

        EntityUid[] general = [Action("CreateList"), Action("GetLists")];
        EntityUid[] onLists = [
            Action("GetList"), Action("UpdateList"), Action("DeleteList"), Action("CreateTask"), Action("UpdateTask"), Action("DeleteTask"),
            Action("EditShares")];
        var requests = Enumerable.Range(0, Requests).Select(_ => chance.With(0.2)
            ? chance.Request(chance.Of(users), chance.Of(general), application[0])
            : chance.Request(chance.Of(users), chance.Of(onLists), chance.Of(lists)));
        return new Workload("tinytodo", Policies, entities, [.. requests]);
    }

    private static EntityUid Action(string name) => new("Action", name);
}
