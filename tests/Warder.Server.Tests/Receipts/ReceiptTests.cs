using System.Text;
using System.Text.Json;
using Warder.Client.Receipts;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Protocol;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Replicas;

namespace Warder.Server.Tests.Receipts;

/// <summary>Every change of the verifiers' answers has a signed receipt, and no other change has one.</summary>
public sealed class ReceiptTests() : FollowedServer("keys:validate")
{
    [Fact]
    public async Task Every_change_that_narrows_is_answered_with_a_receipt_that_verifies()
    {
        var keys = await KeySet();
        var managed = (await Warder.Post("/management_keys", new { name = "m", rights = new[] { "keys:read" } })).Is(201).Id;
        var (key, role, member) = (
            "/api_keys/" + Own.Key, "/authorization/roles/" + Own.Role, "/user_management/organization_memberships/" + Own.Membership);
        foreach (var (type, subject, change) in ((string, string, Func<Task<Reply>>)[])
            [
                ("api_key.updated", Own.Key, () => Warder.Patch(key, new { permissions = Array.Empty<string>() })),
                ("api_key.suspended", Own.Key, () => Warder.Post(key + "/suspend")),
                ("api_key.resumed", Own.Key, () => Warder.Post(key + "/resume")),
                ("api_key.rotated", Own.Key, () => Warder.Post(key + "/rotate", new { overlap_seconds = 0 })),
                ("api_key.expired", Own.Key, () => Warder.Post(key + "/expire")),
                ("api_key.revoked", Own.Key, () => Warder.Post(key + "/revoke")),
                ("role.updated", Own.RoleId, () => Warder.Delete(role + "/permissions/" + Own.Permission)),
                ("organization_membership.updated", Own.Membership, () => Warder.Put(member, new { role_slug = Own.Role })),
                ("organization_membership.updated", Own.Membership, () => Warder.Put(member + "/deactivate")),
                ("permission.deleted", Own.RolePermissionId, () => Warder.Delete("/authorization/permissions/" + Own.Permission)),
                ("organization_membership.deleted", Own.Membership, () => Warder.Delete(member)),
                ("user.deleted", Own.User, () => Warder.Delete("/user_management/users/" + Own.User)),
                ("organization.deleted", Own.Organization, () => Warder.Delete("/organizations/" + Own.Organization)),
                ("management_key.rotated", managed, () => Warder.Post($"/management_keys/{managed}/rotate", new { overlap_seconds = 0 })),
                ("management_key.revoked", managed, () => Warder.Post($"/management_keys/{managed}/revoke")),
            ])
        {
            var reply = await change();
            Assert.True(reply.Status is 200 or 204, $"{type}: {reply.Status} {reply.Text}");
            var id = reply.Headers.GetValues("Warder-Receipt").Single();
            var shown = (await Warder.Get("/receipts/" + id)).Is(200);
            var (receipt, problem) = ReceiptVerification.Verify(shown.Text, keys);
            Assert.Null(problem);
            Assert.Equal((id, type, subject), (receipt!.Id, receipt.Type, receipt.SubjectId));
            Assert.InRange(receipt.InForceAt!.Value, receipt.CommittedAt, DateTimeOffset.UtcNow.AddSeconds(1));
            Assert.Equal([(Warder.Node.Id, ReceiptOutcome.Acknowledged)], receipt.Verifiers.Select(line => (line.Id, line.Outcome)));
            var happened = (await Warder.Events()).Single(e => e.GetProperty("id").GetString() == receipt.EventId);
            Assert.Equal(type, happened.GetProperty("event").GetString());
            if (reply.Status == 200)
                Assert.Equal(shown.Text, reply.Json.GetProperty("receipt").GetRawText());
            Assert.Equal([id], (await Warder.Get("/receipts?event_id=" + receipt.EventId)).Is(200).Ids);
            Assert.Contains(id, (await Warder.Get("/receipts?limit=100&subject_id=" + subject)).Is(200).Ids);
        }
    }

    [Fact]
    public async Task What_changes_nothing_that_verifiers_answer_has_none()
    {
        (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200);
        foreach (var reply in (Reply[])
            [
                (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200),
                (await Warder.Post($"/api_keys/{Own.UserKey}/revoke?dry_run=true")).Is(200),
                (await Warder.Post($"/api_keys/{Own.Key}/rotate")).Is(409),
                (await Warder.Post($"/organizations/{Own.Organization}/api_keys", new { name = "k" })).Is(201),
                (await Warder.Get("/api_keys/" + Own.Key)).Is(200),
            ])
        {
            Assert.False(reply.Headers.Contains("Warder-Receipt"));
            Assert.DoesNotContain("\"receipt\"", reply.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_receipt_that_is_altered_by_one_byte_does_not_verify()
    {
        var keys = await KeySet();
        var good = (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200).Json.GetProperty("receipt").GetRawText();
        Assert.Null(ReceiptVerification.Verify(good, keys).Problem);
        var bytes = Encoding.ASCII.GetBytes(good);
        for (var i = 0; i < bytes.Length; i++)
        {
            var altered = (byte[])bytes.Clone();
            altered[i] = altered[i] == (byte)'A' ? (byte)'B' : (byte)'A';
            Assert.True(ReceiptVerification.Verify(Encoding.ASCII.GetString(altered), keys).Problem is not null, $"Byte {i} of {good}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"jws\":7}")]
    [InlineData("{\"jws\":\"\\ud800\"}")]
    [InlineData("{\"jws\":\"a.b\"}")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("eyJhbGciOiJFUzI1NiIsImtpZCI6Ilx1ZDgwMCIsInR5cCI6IndhcmRlci1yZWNlaXB0In0.e30."
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_is_no_receipt_does_not_verify(string text)
        => Assert.NotNull(ReceiptVerification.Verify(text, await KeySet()).Problem);

    [Fact]
    public async Task A_member_that_stands_there_twice_does_not_verify()
    {
        var good = (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200).Json.GetProperty("receipt").GetRawText();
        foreach (var member in (string[])["\"event\":", "\"outcome\":"])
        {
            var twice = good.Replace(member, member + "\"x\"," + member, StringComparison.Ordinal);
            Assert.NotNull(ReceiptVerification.Verify(twice, await KeySet()).Problem);
        }
    }

    [Fact]
    public async Task Receipts_verify_after_the_signing_key_was_replaced_and_after_a_restart()
    {
        var before = (await Warder.Post($"/api_keys/{Own.Key}/suspend")).Is(200).Json.GetProperty("receipt").GetRawText();
        var old = await KeySet();
        var made = (await Warder.Post("/signing_keys")).Is(201);
        await Warder.RestartAsync();
        var keys = await KeySet();
        Assert.Equal([made.Id, .. old.Keys.Select(key => key.Kid)], keys.Keys.Select(key => key.Kid));
        var after = (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200).Json.GetProperty("receipt").GetRawText();
        Assert.All([before, after], receipt => Assert.Null(ReceiptVerification.Verify(receipt, keys).Problem));
        Assert.NotNull(ReceiptVerification.Verify(after, old).Problem);
        // The server keeps no retired private key.
        Assert.Equal(
            1, Warder.Node.Store.Read(session => session.Number("SELECT COUNT(*) FROM sealed_values WHERE name LIKE 'signing key %'")));
    }

    [Fact]
    public async Task A_repeated_request_gets_the_receipt_of_the_first()
    {
        Task<Reply> Rotate() => Warder.Send("POST", $"/api_keys/{Own.Key}/rotate", new { }, null, ("Idempotency-Key", "k"));
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Rotate()));
        Assert.Single(replies.Select(reply => reply.Is(200).Text).Distinct());
        await Warder.RestartAsync();
        Assert.Equal(replies[0].Text, (await Rotate()).Is(200).Text);
        Assert.Equal(replies[0].Headers.GetValues("Warder-Receipt"), (await Rotate()).Headers.GetValues("Warder-Receipt"));
    }

    [Fact]
    public async Task The_log_commits_to_every_receipt()
    {
        var receipts = new List<string>();
        foreach (var verb in (string[])["suspend", "resume", "revoke"])
            receipts.Add(
                (await Warder.Post($"/api_keys/{Own.Key}/{verb}")).Is(200).Json.GetProperty("receipt").GetProperty("jws").GetString()!);
        _ = Warder.Head;
        var recorded = (await Warder.Events()).Where(e => e.GetProperty("event").GetString() == "receipts.recorded")
            .SelectMany(
                e => JsonSerializer.Deserialize(e.GetProperty("data").GetRawText(), WarderJson.Wire.ReceiptRecord)!.Receipts).ToList();
        Assert.All(receipts, jws => Assert.Single(
            recorded,
            each => each.JwsSha256 == Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(jws)))));
        Assert.Null(Warder.VerifyLog().Problem);
    }

    [Fact]
    public async Task Each_replica_has_its_line_and_what_is_not_there_yet_can_be_watched()
    {
        await using var quick = await RawReplica.ConnectAsync(Warder.Address, Key);
        await using var slow = await RawReplica.ConnectAsync(Warder.Address, Key);
        await quick.Join(RawReplica.NewIdentity());
        await slow.Join(RawReplica.NewIdentity());
        // The replica reads everything and answers its node's pings, but acknowledges nothing.
        _ = Listen(slow);
        await using var stranger = await RawReplica.ConnectAsync(
            Warder.Address, await Warder.Grant(await Warder.AddEnvironment("elsewhere"), ["keys:validate"]));
        await stranger.Join(RawReplica.NewIdentity());

        var change = Warder.Post($"/api_keys/{Own.Key}/revoke");
        await quick.Send(new Acknowledgement((await quick.Receive<LogDelta>()).Place.Sequence));
        await Eventually.Holds(
            async () => (await Warder.Get("/receipts/pending")).Is(200).Data is [var pending]
                && Outcomes(pending).SequenceEqual([ReceiptOutcome.Acknowledged, ReceiptOutcome.Acknowledged, ReceiptOutcome.Waiting])
                && pending.GetProperty("in_force_at").ValueKind == JsonValueKind.Null && !pending.TryGetProperty("jws", out _),
            TimeSpan.FromSeconds(1.5), "It is not shown how far it is.");
        var receipt = (await change).Is(200).Json.GetProperty("receipt");
        Assert.Equal([ReceiptOutcome.Acknowledged, ReceiptOutcome.Acknowledged, ReceiptOutcome.LeaseRanOut], Outcomes(receipt));
        Assert.All(
            receipt.GetProperty("verifiers").EnumerateArray().Skip(1),
            line => Assert.Equal(Warder.Node.Id, line.GetProperty("follows").GetString()));
        Assert.Empty((await Warder.Get("/receipts/pending")).Is(200).Data);
        // The replica has no lease and sends nothing: the next change does not wait for it, and the receipt gives the reason.
        Assert.Equal(ReceiptOutcome.LeaseRanOut, Outcomes((await Revoked(Own.UserKey, quick)).Json.GetProperty("receipt")).Last());
    }

    [Fact]
    public async Task A_replica_that_died_has_its_line_in_the_receipt_of_the_change_that_waited_for_it_and_in_no_later_one()
    {
        await using (var replica = await RawReplica.ConnectAsync(Warder.Address, Key))
            await replica.Join(RawReplica.NewIdentity());
        var waited = (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200).Json.GetProperty("receipt");
        Assert.Equal([ReceiptOutcome.Acknowledged, ReceiptOutcome.LeaseRanOut], Outcomes(waited));
        var later = (await Warder.Post($"/api_keys/{Own.UserKey}/revoke")).Is(200).Json.GetProperty("receipt");
        Assert.Equal([ReceiptOutcome.Acknowledged], Outcomes(later));
    }

    private async Task<Reply> Revoked(string id, RawReplica acknowledging)
    {
        var change = Warder.Post($"/api_keys/{id}/revoke");
        await acknowledging.Send(new Acknowledgement((await acknowledging.Receive<LogDelta>()).Place.Sequence));
        return (await change).Is(200);
    }

    private static IEnumerable<string> Outcomes(JsonElement receipt)
        => receipt.GetProperty("verifiers").EnumerateArray().Select(line => line.GetProperty("outcome").GetString()!)
            .Order(StringComparer.Ordinal);

    private async Task<JsonWebKeySet> KeySet()
        => JsonSerializer.Deserialize((await Warder.Get("/.well-known/jwks.json", "")).Is(200).Text, WarderJson.Wire.JsonWebKeySet)!;

    private static async Task Listen(RawReplica replica)
    {
        while (await replica.Receive() is not null)
        {
            // Until the connection has ended.
        }
    }
}
