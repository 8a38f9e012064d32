using Warder.Server.Tests.Hosting;
using Warder.Storage.Keys;

namespace Warder.Server.Tests.Keys;

/// <summary>
/// Deletes owners with many keys: other changes do not wait while the keys are counted, and the count is exact.
/// </summary>
public sealed class OwnerEndingTests
{
    [Fact]
    public async Task The_keys_of_an_owner_are_counted_by_the_writer_only_if_they_are_few()
    {
        await using var warder = await RunningWarder.StartAsync();
        foreach (var (copies, reads) in ((int, long)[])[(0, 0), (KeyEndings.Many - 1, 0), (KeyEndings.Many, 1)])
        {
            var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
            (await warder.Post($"/organizations/{organization}/api_keys", new { name = "first" })).Is(201);
            (await warder.Post("/organizations", new { name = "other" })).Is(201);
            Copy(warder, organization, copies);
            var before = warder.Node.Reads.Ran;
            (await warder.Delete($"/organizations/{organization}")).Is(204);

            Assert.Equal(reads, warder.Node.Reads.Ran - before);
            Assert.Equal(copies + 1, (await warder.LastChange()).GetProperty("data").GetProperty("api_keys_ended").GetInt64());
        }
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_the_keys_are_counted_is_not_counted()
    {
        await using var warder = await RunningWarder.StartAsync();
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var keys = new List<string>();
        for (var i = 0; i < 20; i++)
            keys.Add((await warder.Post($"/organizations/{organization}/api_keys", new { name = "first" })).Is(201).Id);
        Copy(warder, organization, KeyEndings.Many);
        var live = keys.Count + (KeyEndings.Many * keys.Count);
        var deletion = warder.Delete($"/organizations/{organization}");
        var revocations = keys.Select(key => warder.Post($"/api_keys/{key}/revoke")).ToList();
        await Task.WhenAll(revocations);
        (await deletion).Is(204);
        var events = await warder.Events();
        var end = events.FindIndex(static each => each.GetProperty("event").GetString() == "organization.deleted");
        var revokedBefore = events.Take(end).Count(static each => each.GetProperty("event").GetString() == "api_key.revoked");

        Assert.Equal(live - revokedBefore, events[end].GetProperty("data").GetProperty("api_keys_ended").GetInt64());
    }

    // Copies of the organization's keys, without secrets.
    private static void Copy(RunningWarder warder, string organization, int times)
    {
        using var session = warder.Node.Store.OpenWriter();
        session.Execute(
            $"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times})"
            + " INSERT INTO api_keys (environment, id, organization_id, membership_id, user_id, name, created_by, permission_set_id,"
            + " state, deleted, created_at, updated_at)"
            + " SELECT environment, id || i, organization_id, membership_id, user_id, name, created_by, permission_set_id, state, deleted,"
            + " created_at, updated_at"
            + $" FROM api_keys, n WHERE organization_id = $1 AND {times} > 0", organization);
    }
}
