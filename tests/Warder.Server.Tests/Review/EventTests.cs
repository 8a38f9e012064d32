using System.Text.Json;
using Warder.Storage.Events;

namespace Warder.Server.Tests.Review;

public sealed class EventTests
{
    [Theory]
    [InlineData("x")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task No_metadata_can_pass_for_a_personal_value_and_spoil_the_log_for_its_readers(string value)
    {
        await using var server = await Server.StartAsync();
        var (status, _) = await server.Send("POST", "/organizations", new { name = "o", metadata = new Dictionary<string, string> { ["personal_sha256"] = value } });
        var (read, page) = await server.Send("GET", "/events?limit=100&events=organization.created");
        Assert.Equal(200, read);
        var events = JsonDocument.Parse(page).RootElement.GetProperty("data");
        if (status == 201)
            Assert.Equal(value, events[0].GetProperty("data").GetProperty("metadata").GetProperty("personal_sha256").GetString());
    }

    [Theory]
    [InlineData("UPDATE events SET environment = 9 WHERE type = 'organization.created'")]
    [InlineData("UPDATE events SET type = 'organization.updated' WHERE type = 'organization.created'")]
    [InlineData("UPDATE events SET organization_id = NULL WHERE type = 'organization.created'")]
    [InlineData("UPDATE events SET created_at = 0 WHERE type = 'organization.created'")]
    public async Task An_event_that_was_hidden_from_its_readers_is_found_by_the_verification(string tampering)
    {
        await using var server = await Server.StartAsync();
        await server.Organization();
        using (var session = server.Node.Store.OpenWriter())
            Assert.Equal(1, session.Execute(tampering));
        Assert.NotNull(server.Node.Store.ReadSnapshot(LogVerification.Run).Problem);
    }
}
