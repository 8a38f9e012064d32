using Warder.Server.Tests.Hosting;


namespace Warder.Server.Tests.Management;

/// <summary>A body can arrive for more than an hour: Kestrel waits as long as 240 bytes a second arrive.</summary>
public sealed class LateBodyTests
{
    [Theory]
    [InlineData("revoke")]
    [InlineData("narrow")]
    public async Task A_management_key_that_ended_while_its_body_was_on_the_way_changes_nothing(string how)
    {
        await using var warder = await RunningWarder.StartAsync();
        var leaked = (await warder.Post(
            "/management_keys", new { name = "leaked", rights = new[] { "management:write", "keys:read" } })).Is(201);

        await using var attacker = await RawConnection.OpenAsync(warder);
        const string Body = """{"name":"back door","rights":["management:write"]}""";
        await attacker.Send(
            RawConnection.Post("/management_keys", leaked.Value) + RawConnection.Expecting + $"Content-Length: {Body.Length}\r\n\r\n"
                + Body[..10]);
        await attacker.BodyIsAwaited();

        if (how == "revoke")
            (await warder.Post($"/management_keys/{leaked.Id}/revoke", new { reason = "leaked" })).Is(200);
        else
            (await warder.Patch("/management_keys/" + leaked.Id, new { rights = new[] { "keys:read" } })).Is(200);

        await attacker.Send(Body[10..]);
        var (status, _) = await attacker.Answer();
        var names = (await warder.Get("/management_keys?limit=100")).Is(200).Data.ConvertAll(key => key.GetProperty("name").GetString());
        Assert.DoesNotContain("back door", names);
        Assert.Equal(how == "revoke" ? 401 : 403, status);
    }

    [Fact]
    public async Task When_it_cannot_be_known_any_more_who_asks_the_validation_is_refused_and_the_connection_goes_on()
    {
        await using var warder = await RunningWarder.StartAsync();
        await using var connection = await RawConnection.OpenAsync(warder);
        const string Body = """{"value":"wdr_live_0123456789"}""";
        var head = RawConnection.Post("/api_keys/validations", warder.Key);
        await connection.Send(head + RawConnection.Expecting + $"Content-Length: {Body.Length}\r\n\r\n" + Body[..10]);
        await connection.BodyIsAwaited();
        warder.Node.Authority.Suspend();
        await connection.Send(Body[10..]);
        Assert.Equal(503, (await connection.Answer()).Status);

        warder.Node.Memory.Reload();
        await connection.Send(head + $"Content-Length: {Body.Length}\r\n\r\n" + Body);
        Assert.Equal(200, (await connection.Answer()).Status);
    }
}
