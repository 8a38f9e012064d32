using Warder.Server.Tests.Hosting;


namespace Warder.Server.Tests.Http;

public sealed class SlowBodyTests
{
    private const string Validation = """{"value":"wdr_live_x"}""";

    /// <summary>
    /// What comes first is so many characters of the body; the rest is sent when the server has read them and waits for more.
    /// </summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 10)]
    [InlineData(true, 0)]
    [InlineData(true, 10)]
    [InlineData(true, 22)] // All but the chunk that says that this was all.
    public async Task A_validation_whose_body_comes_in_pieces_is_answered(bool chunked, int first)
    {
        await using var warder = await RunningWarder.StartAsync();
        await using var connection = await RawConnection.OpenAsync(warder);
        var head = RawConnection.Post("/api_keys/validations", warder.Key);
        if (chunked)
        {
            await connection.Send(head + RawConnection.Expecting + "Transfer-Encoding: chunked\r\n\r\n" + Chunk(Validation[..first]));
            await connection.BodyIsAwaited();
            await connection.Send(Chunk(Validation[first..]));
            await connection.Send("0\r\n\r\n");
        }
        else
        {
            await connection.Send(head + RawConnection.Expecting + $"Content-Length: {Validation.Length}\r\n\r\n" + Validation[..first]);
            await connection.BodyIsAwaited();
            await connection.Send(Validation[first..]);
        }

        var (status, text) = await connection.Answer();
        Assert.Equal(200, status);
        Assert.Contains("malformed", text);
        // The connection can be used again.
        await connection.Send(head + $"Content-Length: {Validation.Length}\r\n\r\n" + Validation);
        Assert.Equal((200, text), await connection.Answer());
    }

    [Theory]
    [InlineData("/api_keys/validations")]
    [InlineData("/organizations")]
    public async Task A_caller_who_goes_away_in_the_middle_of_a_body_is_no_failure_of_the_servers(string path)
    {
        await using var warder = await RunningWarder.StartAsync();
        await using (var connection = await RawConnection.OpenAsync(warder))
        {
            await connection.Send(RawConnection.Post(path, warder.Key) + RawConnection.Expecting + "Content-Length: 100\r\n\r\n{");
            await connection.BodyIsAwaited();
            await connection.GoAway();
        }

        (await warder.Get("/organizations")).Is(200);
    }

    // A chunk of nothing would be the last one.
    private static string Chunk(string text) => text.Length == 0 ? "" : $"{text.Length:x}\r\n{text}\r\n";
}
