using System.Net.Sockets;
using System.Text;

namespace Warder.Server.Tests.Review;

public sealed class RevocationTests
{
    // Kestrel waits for a body for as long as 240 bytes a second arrive: more than an hour, for a body of a megabyte.
    [Theory]
    [InlineData("revoke")]
    [InlineData("narrow")]
    public async Task A_management_key_that_ended_while_its_body_was_on_the_way_changes_nothing(string how)
    {
        await using var server = await Server.StartAsync();
        var leaked = await server.Ok("POST", "/management_keys", new { name = "leaked", rights = new[] { "management:write", "keys:read" } });
        var id = leaked.GetProperty("id").GetString();

        await using var attacker = await server.Connect();
        const string body = """{"name":"back door","rights":["management:write"]}""";
        await attacker.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /management_keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {leaked.GetProperty("value").GetString()}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n" + body[..10]));
        await Task.Delay(300);

        if (how == "revoke")
            await server.Ok("POST", $"/management_keys/{id}/revoke", new { reason = "leaked" });
        else
            await server.Ok("PATCH", $"/management_keys/{id}", new { rights = new[] { "keys:read" } });

        await attacker.WriteAsync(Encoding.ASCII.GetBytes(body[10..]));
        var status = await StatusOf(attacker);
        var names = (await server.Ok("GET", "/management_keys?limit=100")).GetProperty("data").EnumerateArray().Select(key => key.GetProperty("name").GetString());
        Assert.DoesNotContain("back door", names);
        Assert.Equal(how == "revoke" ? 401 : 403, status);
    }

    private static async Task<int> StatusOf(NetworkStream stream)
    {
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer);
        return int.Parse(Encoding.ASCII.GetString(buffer, 9, Math.Min(3, read - 9)));
    }
}
