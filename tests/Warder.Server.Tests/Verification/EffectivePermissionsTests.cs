using FsCheck;
using FsCheck.Fluent;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Verification;

/// <summary>Rights are derived at each request: after any history of the directory, a key has the rights of a naive model.</summary>
public sealed class EffectivePermissionsTests
{
    private const int Slugs = 5;
    private const int Members = 3;
    private const int RoleCount = 3;

    private sealed record Operation(int Kind, int A, int B, int Mask);

    private static readonly Gen<Operation> Operations =
        from kind in Gen.Choose(0, 9)
        from a in Gen.Choose(0, 2)
        from b in Gen.Choose(0, Slugs - 1)
        from mask in Gen.Choose(0, (1 << Slugs) - 1)
        select new Operation(kind, a, b, mask);

    [Fact]
    public async Task After_any_history_the_effective_permissions_are_those_of_the_model()
    {
        await using var warder = await RunningWarder.StartAsync();
        var run = 0;
        Prop.ForAll(Operations.ListOf().ToArbitrary(), operations =>
        {
            Play(warder, "h" + ++run, [.. operations]).GetAwaiter().GetResult();
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(25));
        Assert.Null(warder.VerifyLog().Problem);
    }

    private static async Task Play(RunningWarder warder, string run, IReadOnlyList<Operation> operations)
    {
        var world = await World.MakeAsync(warder, run);
        await world.Compare();
        foreach (var operation in operations)
        {
            await world.Apply(operation);
            await world.Compare();
        }
    }

    /// <summary>The model: sets of numbers, and none of Warder's code.</summary>
    private sealed class World(RunningWarder warder, string run)
    {
        private readonly int?[] generations = new int?[Slugs];
        private readonly bool[] forUsers = new bool[Slugs];
        private readonly HashSet<(int Slug, int Generation)>?[] roles = new HashSet<(int, int)>?[RoleCount];
        private readonly string[] memberships = new string[Members];
        private readonly int[] roleOf = new int[Members];
        private readonly bool[] active = new bool[Members];
        private readonly List<(string Id, string Value, int? Member, List<(int Slug, int Generation)> Granted)> keys = [];
        private readonly string[] users = new string[Members];
        private string organization = "";
        private int born;

        public static async Task<World> MakeAsync(RunningWarder warder, string run)
        {
            var world = new World(warder, run);
            for (var i = 0; i < Slugs; i++)
                await world.Register(i);
            for (var i = 0; i < RoleCount; i++)
                (await warder.Post("/authorization/roles", new { slug = world.Role(i), name = "r" })).Is(201);
            for (var i = 0; i < RoleCount; i++)
                await world.SetRole(i, (1 << Slugs) - 1);
            world.organization = (await warder.Post("/organizations", new { name = run })).Is(201).Id;
            for (var i = 0; i < Members; i++)
            {
                world.users[i] = (await warder.Post("/user_management/users", new { email = $"{run}-{i}@example.com" })).Is(201).Id;
                world.roleOf[i] = i;
                world.active[i] = true;
                world.memberships[i] = (await warder.Post("/user_management/organization_memberships", new
                {
                    user_id = world.users[i], organization_id = world.organization, role_slug = world.Role(i),
                })).Is(201).Id;
                await world.Issue(i, (1 << Slugs) - 1);
            }

            await world.Issue(null, (1 << Slugs) - 1);
            return world;
        }

        public async Task Apply(Operation operation)
        {
            var (kind, a, slug, mask) = operation;
            switch (kind)
            {
                case 0 or 1:
                    await SetRole(a, mask);
                    break;
                case 2:
                    await Give(a, slug);
                    break;
                case 3:
                    roleOf[a] = slug % RoleCount;
                    (await warder.Put(
                        "/user_management/organization_memberships/" + memberships[a], new { role_slug = Role(roleOf[a]) })).Is(200);
                    break;
                case 4:
                    active[a] = !active[a];
                    (await warder.Put(
                        $"/user_management/organization_memberships/{memberships[a]}/{(active[a] ? "re" : "de")}activate")).Is(200);
                    break;
                case 5 when generations[slug] is null:
                    await Register(slug);
                    break;
                case 5:
                    (await warder.Delete("/authorization/permissions/" + Slug(slug))).Is(204);
                    generations[slug] = null;
                    break;
                case 6 when generations[slug] is not null:
                    forUsers[slug] = !forUsers[slug];
                    (await warder.Patch(
                        "/authorization/permissions/" + Slug(slug),
                        new { allowed_owner_types = forUsers[slug] ? (string[])["user", "organization"] : ["organization"] })).Is(200);
                    break;
                case 7:
                    await Issue(a, mask);
                    break;
                case 8:
                    await Issue(null, mask);
                    break;
                case 9:
                    await Narrow(mask);
                    break;
            }
        }

        public async Task Compare()
        {
            foreach (var key in keys)
            {
                var expected = Effective(key.Member, key.Granted).ConvertAll(Slug);
                var validation = (await warder.Validate(key.Value)).Json;
                var shown = (await warder.Get("/api_keys/" + key.Id)).Json;
                Assert.Equal(expected, Texts(shown, "effective_permissions"));
                Assert.Equal(key.Granted.Where(Lives).Select(permission => Slug(permission.Slug)), Texts(shown, "permissions"));
                if (key.Member is { } member && !active[member])
                    Assert.Equal("owner_inactive", validation.GetProperty("decision").GetProperty("code").GetString());
                else
                    Assert.Equal(expected, Texts(validation.GetProperty("api_key"), "permissions"));
            }
        }

        private List<int> Effective(int? member, List<(int Slug, int Generation)> granted)
            => [
                .. granted.Where(Lives).Where(permission => member is not { } m || May(m, permission))
                    .Select(permission => permission.Slug)];

        private bool May(int member, (int Slug, int Generation) permission)
            => forUsers[permission.Slug] && roles[roleOf[member]]!.Contains(permission);

        private bool Lives((int Slug, int Generation) permission) => generations[permission.Slug] == permission.Generation;

        private async Task Register(int slug)
        {
            (await warder.Post("/authorization/permissions", new { slug = Slug(slug), name = "p" })).Is(201);
            generations[slug] = ++born;
            forUsers[slug] = true;
        }

        private async Task SetRole(int role, int mask)
        {
            var chosen = Living(mask);
            (await warder.Put(
                $"/authorization/roles/{Role(role)}/permissions", new { permissions = chosen.ConvertAll(p => Slug(p.Slug)) })).Is(200);
            roles[role] = [.. chosen];
        }

        private async Task Give(int role, int slug)
        {
            if (generations[slug] is not { } generation)
                return;
            var has = roles[role]!.Contains((slug, generation));
            var path = $"/authorization/roles/{Role(role)}/permissions";
            (await (has ? warder.Delete($"{path}/{Slug(slug)}") : warder.Post(path, new { slug = Slug(slug) }))).Is(200);
            _ = has ? roles[role]!.Remove((slug, generation)) : roles[role]!.Add((slug, generation));
        }

        private async Task Issue(int? member, int mask)
        {
            var requested = Living(mask);
            var permissions = requested.ConvertAll(permission => Slug(permission.Slug));
            var reply = member is { } m
                ? await warder.Post(
                    $"/user_management/users/{users[m]}/api_keys", new { name = "k", organization_id = organization, permissions })
                : await warder.Post($"/organizations/{organization}/api_keys", new { name = "k", permissions });
            var may = member is not { } owner || (active[owner] && requested.TrueForAll(permission => May(owner, permission)));
            reply.Is(may ? 201 : 422);
            if (may)
                keys.Add((reply.Id, reply.Value, member, requested));
        }

        // The newest key gets other permissions: it may keep its own, and each added one must be its owner's.
        private async Task Narrow(int mask)
        {
            var (id, value, member, granted) = keys[^1];
            var requested = Living(mask);
            var may = requested.TrueForAll(permission => granted.Contains(permission) || member is not { } owner || May(owner, permission));
            (await warder.Patch("/api_keys/" + id, new { permissions = requested.ConvertAll(permission => Slug(permission.Slug)) }))
                .Is(may ? 200 : 422);
            if (may)
                keys[^1] = (id, value, member, requested);
        }

        private List<(int Slug, int Generation)> Living(int mask)
            => [
                .. Enumerable.Range(0, Slugs).Where(i => (mask >> i & 1) == 1 && generations[i] is not null)
                    .Select(i => (i, generations[i]!.Value))];

        private string Slug(int slug) => $"{run}:{slug}";

        private string Role(int role) => $"{run}-{role}";

        private static List<string> Texts(System.Text.Json.JsonElement element, string member)
            => [.. element.GetProperty(member).EnumerateArray().Select(item => item.GetString()!)];
    }
}
