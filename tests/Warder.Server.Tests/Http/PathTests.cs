using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Http;

public sealed class PathTests
{
    private static readonly string[] Ids =
    [
        "x/1", "x%2F1", "x%252F1", "/x", "x/", "//", "a.b", ".a", "...", "a/./b", "a/../b", "a+b", "a b", "a%20b", "a%2Bb",
        "é", "x%", "%", "😀",
        "a?b", "a#b", "a&b=c", "a\\b", "a;b", "a:b", "{a}", "x%00",
    ];

    [Theory]
    [InlineData("/organizations")]
    [InlineData("/user_management/users")]
    public async Task A_callers_id_in_a_path_is_decoded_once(string route)
    {
        await using var warder = await RunningWarder.StartAsync();
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var externalId in Ids)
        {
            object body = route == "/organizations"
                ? new { name = "o", external_id = externalId }
                : new { email = $"u{made.Count}@example.com", external_id = externalId };
            made[externalId] = (await warder.Post(route, body)).Is(201).Id;
        }

        foreach (var externalId in Ids)
        {
            var found = (await warder.Get($"{route}/external_id/{Uri.EscapeDataString(externalId)}")).Is(200);
            Assert.Equal((made[externalId], externalId), (found.Id, found["external_id"]));
        }

        (await warder.Get($"{route}/external_id/x%25252F2")).Is(404);
        (await warder.Get($"{route}/external_id/a%20b/")).Is(200);
    }

    [Fact]
    public async Task A_slash_in_an_id_or_slug_leads_to_no_other_route()
    {
        await using var warder = await RunningWarder.StartAsync();
        (await warder.Post("/authorization/permissions", new { slug = "posts:read", name = "p" })).Is(201);
        (await warder.Get("/authorization/permissions/posts%3Aread")).Is(200);
        (await warder.Get("/authorization/permissions/posts%253Aread")).Is(404);
        (await warder.Get("/authorization/roles/a%2Fpermissions")).Is(404);
        (await warder.Get("/organizations/external_id%2Fx")).Is(404);
        (await warder.Delete("/api_keys/x%2Frevoke")).Is(404);
    }

    [Theory]
    [InlineData("/organizations/external_id/x%00")]
    [InlineData("/organizations/external_id/%FF")]
    [InlineData("/organizations/external_id/%C0%AF")]
    [InlineData("/organizations/external_id/%ED%A0%80")]
    [InlineData("/organizations/external_id/x%")]
    [InlineData("/organizations/external_id/x%2")]
    [InlineData("/organizations/external_id/x%zz")]
    [InlineData("/organizations/external_id/..")]
    [InlineData("/organizations/external_id/%2e%2E")]
    [InlineData("/organizations/external_id/.")]
    [InlineData("/organizations/./x")]
    [InlineData("http://host/organizations/external_id/%2e%2E")]
    [InlineData("http://host/organizations/external_id/x%2F1")]
    [InlineData("http://host/organizations/external_id%2fx")]
    [InlineData("/organizations?search=%FF")]
    [InlineData("/organizations?search=%ED%A0%80")]
    public async Task A_target_that_is_no_text_is_refused(string target)
    {
        await using var warder = await RunningWarder.StartAsync();
        await using var connection = await RawConnection.OpenAsync(warder);
        await connection.Send($"GET {target} HTTP/1.1\r\nHost: host\r\nAuthorization: Bearer {warder.Key}\r\n\r\n");
        Assert.Equal(400, (await connection.Answer()).Status);
    }

    [Fact]
    public async Task A_target_in_a_proxys_form_has_the_same_values()
    {
        await using var warder = await RunningWarder.StartAsync();
        var id = (await warder.Post("/organizations", new { name = "o", external_id = "x%2F1" })).Is(201).Id;
        await using var connection = await RawConnection.OpenAsync(warder);
        await connection.Send(
            $"GET http://host/organizations/external_id/x%252F1 HTTP/1.1\r\nHost: host\r\nAuthorization: Bearer {warder.Key}\r\n\r\n");
        var (status, text) = await connection.Answer();
        Assert.Equal(200, status);
        Assert.Contains(id, text, StringComparison.Ordinal);
    }
}
