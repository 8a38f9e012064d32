using System.Text.Json;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Directory;

/// <summary>The user that a membership shows.</summary>
public sealed class MembershipUserTests
{
    private const string Members = "/user_management/organization_memberships";

    [Fact]
    public async Task Every_answer_with_a_membership_has_its_user()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var user = (await warder.Post("/user_management/users", new { email = "ada@example.com", first_name = "Ada" })).Is(201);
        var made = (await warder.Post(Members, new { user_id = user.Id, organization_id = organization })).Is(201);
        var at = $"{Members}/{made.Id}";
        JsonElement[] shown =
        [
            made.Json,
            (await warder.Get(at)).Is(200).Json,
            (await warder.Get(Members)).Is(200).Data[0],
            (await warder.Get($"{Members}?user_id={user.Id}")).Is(200).Data[0],
            (await warder.Get($"{Members}?organization_id={organization}")).Is(200).Data[0],
            (await warder.Put(at, new { role_slug = "admin" })).Is(200).Json,
            (await warder.Put($"{at}/deactivate", new { })).Is(200).Json,
            (await warder.Put($"{at}/reactivate", new { })).Is(200).Json,
        ];
        Assert.All(shown, membership => Assert.Equal(user.Text, membership.GetProperty("user").GetRawText()));

        var changed = (await warder.Put($"/user_management/users/{user.Id}", new { first_name = "Augusta" })).Is(200);
        Assert.Equal(changed.Text, (await warder.Get(at)).Json.GetProperty("user").GetRawText());
        (await warder.Delete(at)).Is(204);
    }

    [Fact]
    public async Task A_list_of_roles_without_a_limit_has_them_all()
    {
        await using var warder = await RunningWarder.StartAsync();
        for (var i = 0; i < 12; i++)
            (await warder.Post("/authorization/roles", new { slug = $"role-{i}", name = "r" })).Is(201);
        Assert.Equal(14, (await warder.Get("/authorization/roles")).Is(200).Data.Count);
        Assert.Equal(3, (await warder.Get("/authorization/roles?limit=3")).Is(200).Data.Count);
    }

    [Fact]
    public async Task Events_of_a_membership_name_the_user_by_id_alone()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var user = (await warder.Post("/user_management/users", new { email = "ada@example.com" })).Is(201).Id;
        var id = (await warder.Post(Members, new { user_id = user, organization_id = organization })).Is(201).Id;
        (await warder.Put($"{Members}/{id}", new { role_slug = "admin" })).Is(200);
        (await warder.Delete($"{Members}/{id}")).Is(204);
        var events = (await warder.Events()).Where(
            e => e.GetProperty("event").GetString()!.StartsWith("organization_membership.", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, events.Count);
        Assert.All(events, e => Assert.Equal(user, e.GetProperty("data").GetProperty("user_id").GetString()));
        Assert.All(events, e => Assert.DoesNotContain("ada@example.com", e.GetRawText(), StringComparison.Ordinal));
    }
}
