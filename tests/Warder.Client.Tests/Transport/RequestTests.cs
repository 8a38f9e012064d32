using Warder.Client.Directory;
using Warder.Client.Events;
using Warder.Client.Keys;
using Warder.Client.Lists;
using Warder.Contracts.Directory;
using Warder.Core.Secrets;
using static Warder.Client.Tests.Wire;

namespace Warder.Client.Tests.Transport;

public sealed class RequestTests
{
    [Fact]
    public async Task The_management_key_travels_as_a_bearer_token()
    {
        await using var wire = await ServeAsync(200, Samples.Key());
        await wire.Client().Keys.GetAsync("api_key_1");
        Assert.Equal("Bearer wdrm_test", wire.Requests.Single().Authorization);
    }

    [Fact]
    public async Task A_person_for_whom_a_back_end_acts_is_named_in_each_request()
    {
        await using var wire = await ServeAsync(200, Samples.Key());
        var client = wire.Client();
        await client.OnBehalfOf("user_1").Keys.GetAsync("api_key_1");
        await client.Keys.GetAsync("api_key_1");
        Assert.Equal(["user_1", null], wire.Requests.Select(request => request.OnBehalfOf));
    }

    [Theory]
    [InlineData("posts/../../keys", "/authorization/permissions/posts%2F..%2F..%2Fkeys")]
    [InlineData("a b?c#d", "/authorization/permissions/a%20b%3Fc%23d")]
    [InlineData("x%2F1", "/authorization/permissions/x%252F1")]
    [InlineData("a+b.c", "/authorization/permissions/a%2Bb.c")]
    public async Task A_slug_cannot_leave_its_place_in_the_path(string slug, string target)
    {
        await using var wire = await ServeAsync(404, "");
        await Assert.ThrowsAsync<WarderException>(() => wire.Client().Permissions.GetAsync(slug));
        Assert.Equal(target, wire.Requests.Single().Target);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task An_id_that_leads_elsewhere_is_not_sent(string id)
    {
        await using var wire = await ServeAsync(200, Samples.Key());
        await Assert.ThrowsAsync<ArgumentException>(() => wire.Client().Keys.DeleteAsync(id));
        Assert.Empty(wire.Requests);
    }

    [Fact]
    public async Task Conditions_and_cursors_stand_in_the_query()
    {
        await using var wire = await ServeAsync(200, Samples.Page(null));
        await wire.Client().Keys.ListAsync(new KeyQuery
        {
            Limit = 5,
            After = "api_key_1",
            Order = ListOrder.Ascending,
            Permission = "posts:read",
            UnusedSince = new DateTimeOffset(2026, 1, 15, 14, 0, 0, TimeSpan.FromHours(2)),
        });
        Assert.Equal(
            "/api_keys?limit=5&after=api_key_1&order=asc&permission=posts%3Aread&unused_since=2026-01-15T12%3A00%3A00.000Z",
            wire.Requests.Single().Target);
    }

    [Fact]
    public async Task Several_values_are_comma_joined()
    {
        await using var wire = await ServeAsync(200, """{"object":"list","data":[],"list_metadata":{"before":null,"after":null}}""");
        await wire.Client().Memberships.ListAsync(new MembershipQuery { Statuses = [MembershipStatus.Active, MembershipStatus.Inactive] });
        await wire.Client().Events.ListAsync(new EventQuery { Types = ["api_key.created", "api_key.revoked"] });
        Assert.Equal(
            ["/user_management/organization_memberships?statuses=active%2Cinactive", "/events?events=api_key.created%2Capi_key.revoked"],
            wire.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task A_path_in_the_base_address_is_kept()
    {
        await using var wire = await ServeAsync(200, Samples.Key());
        await wire.Client(options => options.BaseAddress = new Uri(wire.Address, "/warder")).Keys.GetAsync("api_key_1");
        Assert.Equal("/warder/api_keys/api_key_1", wire.Requests.Single().Target);
    }

    [Theory]
    [InlineData("ftp://warder", null)]
    [InlineData("https://warder?key=1", null)]
    [InlineData("https://warder", "wdrm_a b")]
    [InlineData("https://warder", "wdrm_a\r\nX: y")]
    [InlineData("https://warder", "")]
    public void Options_that_cannot_be_right_are_refused_without_showing_the_key(string address, string? key)
    {
        var options = new WarderClientOptions { BaseAddress = new Uri(address), ManagementKey = key };
        var refusal = Assert.Throws<ArgumentException>(() => new WarderClient(new HttpClient(), options));
        Assert.DoesNotContain("wdrm_a", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://warder", false)]
    [InlineData("http://10.0.0.1:7070", false)]
    [InlineData("http://127.0.0.1.example.com", false)]
    [InlineData("http://localhost:7070", true)]
    [InlineData("http://127.0.0.2", true)]
    [InlineData("http://[::1]:7070", true)]
    [InlineData("https://warder", true)]
    public void Plain_http_to_another_machine_is_refused_by_client_and_verifier_unless_it_is_allowed(string address, bool isTaken)
    {
        var client = new WarderClientOptions { BaseAddress = new Uri(address), ManagementKey = "wdrm_test" };
        var verifier = new WarderVerifierOptions { Nodes = [new Uri("https://one"), new Uri(address)], ManagementKey = "wdrm_test" };
        foreach (var check in (Action[])[client.ThrowIfWrong, () => verifier.Checked()])
        {
            if (isTaken)
                check();
            else
                Assert.Contains("AllowInsecure", Assert.Throws<ArgumentException>(check).Message, StringComparison.Ordinal);
        }

        (client.AllowInsecure, verifier.AllowInsecure) = (true, true);
        client.ThrowIfWrong();
        verifier.Checked();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    public async Task An_idempotency_key_that_cannot_be_sent_is_refused(string key)
    {
        await using var wire = await ServeAsync(201, Samples.Key(value: Samples.Secret));
        await Assert.ThrowsAsync<ArgumentException>(() => wire.Client().Keys.RotateAsync("api_key_1", idempotencyKey: key));
        Assert.Empty(wire.Requests);
    }
}
