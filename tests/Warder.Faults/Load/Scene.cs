using System.Diagnostics;

namespace Warder.Faults.Load;

/// <summary>Creates the subjects. Any node serves each call; when one call fails, the subject is abandoned.</summary>
internal sealed class Scene(string host, string lesserRole, Epochs epochs)
{
    /// <summary>The permission that every key keeps, and the watched one.</summary>
    public const string Kept = "faults:kept", Watched = "faults:watched";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), BetweenTries = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Both = [Kept, Watched];
    private static int number;

    /// <summary>
    /// Creates the shared resources: the permissions, a role without the watched one, and an organization. No fault runs yet.
    /// </summary>
    public static Scene Found(Caller caller, Node node, Epochs epochs)
    {
        Reply Must(string method, string path, object body)
        {
            // On a busy machine a node may lose its first lease before its first request.
            var since = Stopwatch.StartNew();
            Reply reply;
            while (!(reply = caller.Call(node, method, path, body)).Succeeded)
            {
                if (reply.Status != 503 || since.Elapsed > Patience)
                    throw new InvalidOperationException($"The scene could not be set: {method} {path}: {reply} {reply.Body}");
                Thread.Sleep(BetweenTries);
            }

            return reply;
        }

        Reply Post(string path, object body) => Must("POST", path, body);
        foreach (var slug in Both)
            Post("/authorization/permissions", new { slug, name = slug });
        const string Lesser = "faults-lesser";
        Post("/authorization/roles", new { slug = Lesser, name = Lesser });
        Must("PUT", $"/authorization/roles/{Lesser}/permissions", new { permissions = new[] { Kept } });
        return new Scene(Post("/organizations", new { name = "host" }).Text("id"), Lesser, epochs);
    }

    /// <summary>Creates keys that end together: one of a lasting organization, or many of an organization of their own.</summary>
    public EndingSubject? EndingSubject(Func<string, string, object, Reply> call, int count, int lanes)
    {
        var organization = host;
        if (count > 1)
        {
            var made = call("POST", "/organizations", new { name = Name("group") });
            if (!made.Succeeded)
                return null;
            organization = made.Text("id");
        }

        List<Reply> keys = [];
        while (keys.Count < count)
        {
            var key = call("POST", $"/organizations/{organization}/api_keys", new { name = Name("key"), permissions = Both });
            if (!key.Succeeded)
                return null;
            keys.Add(key);
        }

        var subject = new EndingSubject(organization, [.. keys.Select(key => key.Text("id"))], epochs);
        for (var i = 0; i < count; i++)
            subject.Add(new Target(subject, new Question(i, 0, false), keys[i].Text("value"), null, lanes));
        return subject;
    }

    /// <summary>Creates a cell, with the first secret of each of its keys.</summary>
    public Cell? Cell(Func<string, string, object, Reply> call, int lanes)
    {
        var organization = call("POST", "/organizations", new { name = Name("cell") });
        var user = call("POST", "/user_management/users", new { email = Name("user") + "@example.com" });
        var role = call("POST", "/authorization/roles", new { slug = Name("role"), name = "role" });
        if (!organization.Succeeded || !user.Succeeded || !role.Succeeded)
            return null;
        var (organizationId, userId, slug) = (organization.Text("id"), user.Text("id"), role.Text("slug"));
        if (!call("PUT", $"/authorization/roles/{slug}/permissions", new { permissions = Both }).Succeeded)
            return null;
        var membership = call(
            "POST", "/user_management/organization_memberships",
            new { user_id = userId, organization_id = organizationId, role_slug = slug });
        if (!membership.Succeeded)
            return null;
        var memberKey = call(
            "POST", $"/user_management/users/{userId}/api_keys",
            new { organization_id = organizationId, name = Name("key"), permissions = Both });
        var organizationKey = call("POST", $"/organizations/{organizationId}/api_keys", new { name = Name("key"), permissions = Both });
        if (!memberKey.Succeeded || !organizationKey.Succeeded)
            return null;
        var ids = new CellIds(
            organizationId, userId, membership.Text("id"), slug, lesserRole, memberKey.Text("id"), organizationKey.Text("id"));
        var cell = new Cell($"the cell of {organizationId}", ids, epochs);
        Show(cell, CellModel.MemberKey, 0, memberKey.Text("value"), lanes);
        Show(cell, CellModel.OrganizationKey, 0, organizationKey.Text("value"), lanes);
        return cell;
    }

    /// <summary>Validates a secret with the watched permission and without it.</summary>
    public static IEnumerable<Target> Show(Subject subject, int key, int secret, string value, int lanes)
    {
        Target[] targets =
        [
            new(subject, new Question(key, secret, false), value, null, lanes),
            new(subject, new Question(key, secret, true), value, Watched, lanes),
        ];
        foreach (var target in targets)
            subject.Add(target);
        return targets;
    }

    private static string Name(string stem) => $"{stem}-{Interlocked.Increment(ref number)}";
}
