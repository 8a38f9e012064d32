using System.Text.Json;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Directory;

/// <summary>The domains of organizations.</summary>
public sealed class DomainTests
{
    [Fact]
    public async Task Domains_are_stored_shown_replaced_and_kept()
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = (await warder.Post("/organizations", new
        {
            name = "o",
            domain_data = new[] { new { domain = "Foo-Corp.com", state = "verified" }, new { domain = "b.example", state = "pending" } },
        })).Is(201);
        Assert.Equal(["b.example pending", "foo-corp.com verified"], Shown(made.Json));
        var domain = made.Json.GetProperty("domains")[0];
        Assert.Equal("organization_domain", domain.GetProperty("object").GetString());
        Assert.Equal(made.Id, domain.GetProperty("organization_id").GetString());
        Assert.StartsWith("org_domain_", domain.GetProperty("id").GetString());

        (await warder.Put($"/organizations/{made.Id}", new { name = "p" })).Is(200);
        Assert.Equal(2, Shown((await warder.Get($"/organizations/{made.Id}")).Json).Count());
        var id = IdOf(made.Json, "b.example");
        var changed = (await warder.Put($"/organizations/{made.Id}", new { domains = new[] { "b.example", "c.example" } })).Is(200);
        Assert.Equal(["b.example pending", "c.example pending"], Shown(changed.Json));
        Assert.Equal(id, IdOf(changed.Json, "b.example"));
        var verified = new[] { new { domain = "B.example", state = "verified" } };
        (await warder.Put($"/organizations/{made.Id}", new { domain_data = verified })).Is(200);
        Assert.Equal(["b.example verified"], Shown((await warder.Get("/organizations")).Data[0]));

        var updated = (await warder.Events()).Last(e => e.GetProperty("event").GetString() == "organization.updated");
        Assert.Equal(2, updated.GetProperty("data").GetProperty("previous_attributes").GetProperty("domains").GetArrayLength());
        (await warder.Put($"/organizations/{made.Id}", new { domains = Array.Empty<string>() })).Is(200);
        Assert.Empty(Shown((await warder.Get($"/organizations/{made.Id}")).Json));
    }

    [Fact]
    public async Task A_list_is_of_the_organizations_that_have_one_of_the_domains()
    {
        await using var warder = await RunningWarder.StartAsync();
        var first = (await warder.Post("/organizations", new { name = "first", domains = new[] { "a.example", "b.example" } })).Is(201).Id;
        var second = (await warder.Post("/organizations", new { name = "second", domains = new[] { "c.example" } })).Is(201).Id;
        (await warder.Post("/organizations", new { name = "third" })).Is(201);
        async Task<List<string>> List(string query) => (await warder.Get("/organizations?order=asc&" + query)).Is(200).Ids;

        Assert.Equal([first], await List("domains=B.EXAMPLE"));
        Assert.Equal([first, second], await List("domains=a.example,b.example,c.example"));
        Assert.Equal([first, second], await List("domains[]=a.example&domains[]=c.example"));
        Assert.Equal([second], await List("domains=a.example,c.example&search=sec"));
        Assert.Empty(await List("domains=x.example"));
        Assert.Equal(["domains: invalid_format"], (await warder.Get("/organizations?domains=nonsense")).Is(422).Faults);
        Assert.Equal([first], (await warder.Get("/organizations?order=asc&limit=1&domains=a.example,c.example")).Is(200).Ids);
        Assert.Equal([second], (await warder.Get($"/organizations?order=asc&after={first}&domains=a.example,c.example")).Is(200).Ids);
    }

    [Fact]
    public async Task A_domain_belongs_to_one_living_organization()
    {
        await using var warder = await RunningWarder.StartAsync();
        var first = (await warder.Post("/organizations", new { name = "first", domains = new[] { "a.example" } })).Is(201).Id;
        var taken = await warder.Post("/organizations", new { name = "second", domains = new[] { "A.example" } });
        Assert.Equal((409, "domain_already_exists"), (taken.Status, taken.Code));
        Assert.Equal([first], (await warder.Get("/organizations")).Ids);
        var second = (await warder.Post("/organizations", new { name = "second" })).Is(201).Id;
        Assert.Equal(409, (await warder.Put($"/organizations/{second}", new { domains = new[] { "a.example" } })).Status);

        (await warder.Delete($"/organizations/{first}")).Is(204);
        (await warder.Put($"/organizations/{second}", new { domains = new[] { "a.example" } })).Is(200);
        Assert.Equal([second], (await warder.Get("/organizations?domains=a.example")).Ids);
    }

    [Theory]
    [InlineData("""{"name":"o","domains":["bücher.example"]}""", "domains[0]: invalid_format")]
    [InlineData("""{"name":"o","domains":[""]}""", "domains[0]: required")]
    [InlineData("""{"name":"o","domains":["a.example","A.example"]}""", "domains[1]: invalid_value")]
    [InlineData("""{"name":"o","domains":["a.example"],"domain_data":[]}""", "domains: invalid_value")]
    [InlineData("""{"name":"o","domain_data":[{"domain":"a.example"}]}""", "domain_data[0].state: required")]
    [InlineData("""{"name":"o","domain_data":[{"domain":"a.example","state":"failed"}]}""", "domain_data[0].state: invalid_value")]
    [InlineData("""{"name":"o","domain_data":[{"domain":"a","state":"pending"}]}""", "domain_data[0].domain: invalid_format")]
    [InlineData("""{"name":"o","domain_data":[{"domain":"a.b","state":"pending","x":1}]}""", "domain_data[0].x: unknown_field")]
    [InlineData("""{"name":"o","domain_data":"a.example"}""", "domain_data: invalid_type")]
    public async Task A_domain_that_is_none_is_refused(string body, string fault)
    {
        await using var warder = await RunningWarder.StartAsync();
        Assert.Equal([fault], (await warder.Post("/organizations", JsonDocument.Parse(body).RootElement)).Is(422).Faults);
    }

    private static IEnumerable<string> Shown(JsonElement organization)
        => organization.GetProperty("domains").EnumerateArray().Select(
            domain => $"{domain.GetProperty("domain").GetString()} {domain.GetProperty("state").GetString()}").Order();

    private static string? IdOf(JsonElement organization, string domain)
        => organization.GetProperty("domains").EnumerateArray()
            .Single(item => item.GetProperty("domain").GetString() == domain).GetProperty("id").GetString();
}
