using System.Text;
using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Engine.Changes;
using Warder.Server.Http;
using Warder.Server.Http.Bodies;
using Warder.Server.Tests.Hosting;
using Route = Warder.Server.Http.Route;

namespace Warder.Server.Tests.Http;

/// <summary>Routes of each kind of body, beside the server's own, that return the body that they read.</summary>
public sealed class BodyKindTests
{
    private const string FormType = "application/x-www-form-urlencoded";

    private static readonly IReadOnlyList<Route> Routes =
    [
        .. RouteTable.All,
        Echo("/echo/none", BodyKind.None, static _ => "read nothing"),
        Echo("/echo/json", BodyKind.Json, static call => call.Body().Text("name", 100)),
        Echo(
            "/echo/form", BodyKind.Form,
            static call
                => string.Join(
                    ';', call.Form().OrderBy(static pair => pair.Key, StringComparer.Ordinal)
                        .Select(static pair => $"{pair.Key}={pair.Value}"))),
        Echo("/echo/raw", BodyKind.Raw, static call => Convert.ToHexString(call.Raw().Span)),
    ];

    [Theory]
    [InlineData("none", "text/plain", "anything", 200, "read nothing")]
    [InlineData("json", "application/json", """{"name":"x"}""", 200, "x")]
    [InlineData("json", "application/json; charset=utf-8", """{"name":"x"}""", 200, "x")]
    [InlineData("json", FormType, "name=x", 415, "application/json")]
    [InlineData("json", "application/json", """{"name":"x","name":"y"}""", 400, "invalid_json")]
    [InlineData("form", FormType, "token=a%20b+c&hint=%C3%A9", 200, "hint=é;token=a b c")]
    [InlineData("form", FormType + "; charset=UTF-8", "a=1", 200, "a=1")]
    [InlineData("form", FormType, "a&b=2", 200, "b=2")] // RFC 6749: without a value it counts as left out.
    [InlineData("form", FormType, "", 200, "")]
    [InlineData("form", FormType, "a=1&a=2", 400, "invalid_form")]
    [InlineData("form", FormType, "a=%00", 400, "invalid_form")]
    [InlineData("form", "application/json", """{"a":1}""", 415, FormType)]
    [InlineData("form", "text/x-www-form-urlencoded", "a=1", 415, FormType)]
    [InlineData("raw", "application/octet-stream", "\u0001\u0002", 200, "0102")]
    [InlineData("raw", "image/png", "", 200, "")]
    public async Task A_route_takes_bodies_of_its_kind(string kind, string type, string body, int status, string answer)
    {
        await using var warder = await RunningWarder.StartAsync(parts: new() { Routes = Routes });
        Assert.Equal((status, true), await Send(warder, kind, type, Encoding.UTF8.GetBytes(body), answer));
    }

    [Fact]
    public async Task A_form_has_bounds()
    {
        await using var warder = await RunningWarder.StartAsync(parts: new() { Routes = Routes });
        var most = string.Join('&', Enumerable.Range(0, Limits.FormFields).Select(static i => $"f{i}={i}"));
        Assert.Equal((200, true), await Send(warder, "form", FormType, Encoding.UTF8.GetBytes(most), "f49=49"));
        Assert.Equal((400, true), await Send(warder, "form", FormType, Encoding.UTF8.GetBytes(most + "&more=1"), "invalid_form"));
        Assert.Equal(
            (400, true),
            await Send(
                warder, "form", FormType, Encoding.UTF8.GetBytes(new string('n', Limits.FormNameCharacters + 1) + "=1"), "invalid_form"));
        Assert.Equal((400, true), await Send(warder, "form", FormType, [(byte)'a', (byte)'=', 0xFF], "invalid_form"));
        Assert.Equal((413, true), await Send(warder, "form", FormType, new byte[Limits.BodyBytes + 1], "content_too_large"));
    }

    private static Route Echo(string pattern, BodyKind kind, Func<Call, string> read)
        => new("POST", pattern, new RouteAccess.ManagementKey(Rights.KeysRead))
        {
            Body = kind,
            Run = _ => call => Task.FromResult<Result<Answer>>(Answer.Raw(AnswerKind.Ok, Encoding.UTF8.GetBytes(read(call)))),
        };

    private static async Task<(int Status, bool Holds)> Send(RunningWarder warder, string kind, string type, byte[] body, string answer)
    {
        using var client = new HttpClient { BaseAddress = new Uri(warder.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo/" + kind) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + warder.Key);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        // A body that is refused by its length is not sent: the server closes the connection, and the rest of the body would meet its end.
        request.Headers.ExpectContinue = body.Length > Limits.BodyBytes;
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, (await response.Content.ReadAsStringAsync()).Contains(answer, StringComparison.Ordinal));
    }
}
