using Warder.Server.Http;
using Warder.Server.Http.Bodies;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Http;

public sealed class MediaTypeTests
{
    public static TheoryData<string, int> Headers { get; } = new()
    {
        { "Content-Type: application/json\r\nContent-Encoding: gzip", 415 },
        { "Content-Type: application/json\r\nContent-Encoding: identity, br", 415 },
        { "Content-Type: application/json\r\nContent-Encoding: identity", 0 },
        { "Content-Type: text/plain", 415 },
        { "Content-Type: application/x-www-form-urlencoded", 415 },
        { "Content-Type: application/json; charset=utf-16", 415 },
        { "Content-Type: nonsense", 415 },
        { "X-None: none", 415 },
        { "Content-Type: application/json; charset=\"UTF-8\"", 0 },
        { "Content-Type: application/problem+json", 0 },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_body_that_is_encoded_or_no_JSON_is_refused_on_every_route_that_reads_JSON(string header, int status)
    {
        await using var warder = await RunningWarder.StartAsync();
        foreach (var route in RouteTable.ForManagementKeys.Where(static route => route.Body == BodyKind.Json))
        {
            await using var connection = await RawConnection.OpenAsync(warder);
            await connection.Send(
                $"{route.Method} {route.Pattern.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}"
                + $" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {warder.Key}\r\n{header}\r\nContent-Length: 7\r\n\r\n{{\"x\":1}}");
            var answer = await connection.Answer();
            if (status == 0)
                Assert.True(answer.Status is 404 or 422, $"{route.Pattern}: {answer.Status} {answer.Text}");
            else
                Assert.True(answer.Status == status, $"{route.Pattern}: {answer.Status} {answer.Text}");
        }
    }
}
