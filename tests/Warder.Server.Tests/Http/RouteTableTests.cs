using Microsoft.AspNetCore.Routing;
using Warder.Server.Http;
using Warder.Server.Http.Bodies;
using Warder.Server.Tests.Hosting;
using Route = Warder.Server.Http.Route;

namespace Warder.Server.Tests.Http;

public sealed class RouteTableTests
{
    [Fact]
    public async Task What_is_not_in_the_table_nobody_can_call()
    {
        await using var warder = await RunningWarder.StartAsync();
        Assert.Equal(
            RouteTable.All.Select(static route => $"{route.Method} {route.Pattern}").Order(),
            warder.Endpoints.Cast<RouteEndpoint>()
                .SelectMany(
                    static endpoint
                        => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(
                            method => $"{method} {endpoint.RoutePattern.RawText}"))
                .Order());
    }

    [Fact]
    public void A_row_has_the_one_handler_that_its_access_asks_for()
    {
        Assert.NotEmpty(RouteTable.ForManagementKeys);
        foreach (var route in RouteTable.All)
        {
            var isPublic = route.Access is RouteAccess.Everybody;
            Assert.True(isPublic == route.Public is not null, route.Pattern);
            Assert.True(isPublic ? route.Run is null && route.Direct is null : route.Run is null != route.Direct is null, route.Pattern);
            Assert.True(route.Body == BodyKind.Json == (route.Request is not null), route.Pattern);
        }
    }

    [Fact]
    public async Task The_description_has_every_row_and_says_who_may_call_it()
    {
        await using var warder = await RunningWarder.StartAsync();
        var paths = (await warder.Get("/openapi.json", "")).Is(200).Json.GetProperty("paths");
        foreach (var route in RouteTable.All)
        {
            var operation = paths.GetProperty(route.Pattern).GetProperty(route.Method.ToLowerInvariant());
            var security = operation.TryGetProperty("security", out var needed) ? needed.GetArrayLength() : 0;
            Assert.True(security == (route.Access is RouteAccess.Everybody ? 0 : 1), route.Pattern);
            Assert.Equal(route.Summary, operation.GetProperty("summary").GetString());
        }
    }
}
