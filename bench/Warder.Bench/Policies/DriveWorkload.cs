using Warder.Cedar;
using Warder.Cedar.Values;

namespace Warder.Bench.Policies;

/// <summary>
/// The first of the three workloads of the paper on Cedar (OOPSLA 2024): documents in folders in folders, which have owners, and which
/// users and groups may view. The size is the largest of the paper: 50 of each kind, with each possible connection present with a
/// probability of one in twenty. The policies are Warder's own.
/// </summary>
internal static class DriveWorkload
{
    private const int Each = 50;
    private const double Connected = 0.05;
    private const int Requests = 20_000;

    private const string Policies =
        """
        permit(principal, action == Action::"read", resource) when { resource in principal.viewable };
        permit(principal, action == Action::"read", resource is Document) when { resource.isPublic };
        permit(principal, action in [Action::"read", Action::"write", Action::"share"], resource)
          when { resource in principal.documents || resource in principal.folders };
        permit(principal, action == Action::"changeOwner", resource is Document) when { principal.documents.contains(resource) };
        permit(principal, action == Action::"createDocument", resource is Folder) when { principal.folders.contains(resource) };
        """;

    public static Workload Make()
    {
        var chance = new Chance(1);
        var (users, groups, documents, folders) = (
            Chance.Names("User", Each), Chance.Names("Group", Each), Chance.Names("Document", Each), Chance.Names("Folder", Each));

        // A view holds the viewable documents: a user's own view, or a group's view, which is in those of its members.
        var views = Chance.Names("View", 2 * Each);
        var entities = new List<Entity>();
        var memberOf = users.Select(_ => chance.Some(groups, Connected)).ToArray();
        for (var i = 0; i < Each; i++)
        {
            var attributes = CedarRecord.Create(
                KeyValuePair.Create("viewable", (Value)views[i]), KeyValuePair.Create("documents", Set(chance.Some(documents, Connected))),
                KeyValuePair.Create("folders", Set(chance.Some(folders, Connected))));
            entities.Add(new Entity(users[i], attributes, memberOf[i]));
            entities.Add(new Entity(views[i]));
            entities.Add(new Entity(groups[i]));
            var group = groups[i];
            entities.Add(new Entity(views[Each + i], null, views.Take(Each).Where((_, user) => memberOf[user].Contains(group))));
            entities.Add(new Entity(folders[i], null, chance.Some(folders.Take(i).Concat(views), Connected)));
            entities.Add(new Entity(
                documents[i], CedarRecord.Create(KeyValuePair.Create("isPublic", (Value)chance.With(0.5))),
                chance.Some(folders.Concat(views), Connected)));
        }

        var onDocuments = Actions("read", "write", "share", "changeOwner");
        var onFolders = Actions("read", "write", "share", "createDocument");
        var requests = Enumerable.Range(0, Requests).Select(_ => chance.With(0.5)
            ? chance.Request(chance.Of(users), chance.Of(onDocuments), chance.Of(documents))
            : chance.Request(chance.Of(users), chance.Of(onFolders), chance.Of(folders)));
        return new Workload("gdrive", Policies, entities, [.. requests]);
    }

    private static Value Set(EntityUid[] uids) => CedarSet.Create([.. uids.Select(uid => (Value)uid)]);

    private static EntityUid[] Actions(params IEnumerable<string> names) => [.. names.Select(name => new EntityUid("Action", name))];
}
