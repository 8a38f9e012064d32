using System.Text;

namespace Warder.Server.Tests.Review;

public sealed class SlowBodyTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 10)]
    [InlineData(true, 0)]
    [InlineData(true, 10)]
    public async Task A_validation_whose_body_comes_in_pieces_is_answered(bool chunked, int first)
    {
        await using var server = await Server.StartAsync();
        const string body = """{"value":"wdr_live_x"}""";
        await using var stream = await server.Connect();
        var head = $"POST /api_keys/validations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Key}\r\nContent-Type: application/json\r\n";
        if (chunked)
        {
            await Write(stream, head + "Transfer-Encoding: chunked\r\n\r\n" + (first == 0 ? "" : $"{first:x}\r\n{body[..first]}\r\n"));
            await Task.Delay(200);
            await Write(stream, $"{body.Length - first:x}\r\n{body[first..]}\r\n");
            await Task.Delay(100);
            await Write(stream, "0\r\n\r\n");
        }
        else
        {
            await Write(stream, head + $"Content-Length: {body.Length}\r\n\r\n" + body[..first]);
            await Task.Delay(200);
            await Write(stream, body[first..]);
        }

        var buffer = new byte[4096];
        var answer = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
        Assert.StartsWith("HTTP/1.1 200", answer);
        Assert.Contains("malformed", answer);
        // The connection can be used again.
        await Write(stream, head + $"Content-Length: {body.Length}\r\n\r\n" + body);
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
    }

    [Theory]
    [InlineData("/api_keys/validations")]
    [InlineData("/organizations")]
    public async Task A_caller_who_goes_away_in_the_middle_of_a_body_is_no_failure_of_the_servers(string path)
    {
        await using var server = await Server.StartAsync();
        var error = Console.Error;
        await using (var stream = await server.Connect())
        {
            await Write(stream, $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{");
            await Task.Delay(100);
        }

        await Task.Delay(300);
        await server.Ok("GET", "/organizations");
    }

    private static ValueTask Write(Stream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}
