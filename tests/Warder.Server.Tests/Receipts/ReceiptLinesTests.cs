using System.Text.Json;
using Warder.Client.Receipts;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Replicas;

namespace Warder.Server.Tests.Receipts;

/// <summary>A receipt is as long as it may be, however many replicas there are; and commits to each of them.</summary>
public sealed class ReceiptLinesTests() : FollowedServer("keys:validate")
{
    private const int Replicas = ReceiptLines.MaxShown + 20;
    private const int MostBytes = 64 * 1024;

    [Fact]
    public async Task A_receipt_shows_a_hundred_replicas_and_commits_to_all_of_them()
    {
        for (var i = 0; i < Replicas; i++)
        {
            await using var replica = await RawReplica.ConnectAsync(Warder.Address, Key);
            await replica.Join(RawReplica.NewIdentity(), name: new string('n', 64));
        }

        var answer = (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200);
        Assert.InRange(answer.Text.Length, 0, MostBytes);
        var keys = JsonSerializer.Deserialize((await Warder.Get("/.well-known/jwks.json")).Text, WarderJson.Wire.JsonWebKeySet)!;
        var (receipt, problem) = ReceiptVerification.Verify(answer.Text, keys);
        Assert.Null(problem);
        Assert.Equal((1, ReceiptLines.MaxShown), (receipt!.Verifiers.Count(static line => line.Follows is null), receipt.Verifiers.Count(static line => line.Follows is not null)));
        Assert.Equal((Replicas, Replicas), (receipt.Replicas!.Count, receipt.Replicas.Outcomes.Values.Sum()));

        // Before it is written, and after.
        var waiting = await Lines(receipt.Id);
        await Warder.Node.ReceiptWriter.WriteAsync();
        var lines = await Lines(receipt.Id);
        Assert.Equal(waiting, lines);
        Assert.Equal(Replicas, lines.Count);
        Assert.Null(ReceiptVerification.CheckLines(receipt, lines));
        foreach (var (kind, other) in Altered(lines))
            Assert.True(ReceiptVerification.CheckLines(receipt, other) is not null, kind);
        Assert.InRange(Stored(receipt.Replicas.LinesSha256!), 1, Replicas * 64);
        (await Warder.Get($"/receipts/{receipt.Id}/lines?after=x")).Is(422);
        (await Warder.Get("/receipts/rcpt_01K00000000000000000000000/lines")).Is(404);
    }

    [Fact]
    public async Task A_receipt_that_shows_each_replica_has_the_same_lines()
    {
        await using (var replica = await RawReplica.ConnectAsync(Warder.Address, Key))
            await replica.Join(RawReplica.NewIdentity());
        var answer = (await Warder.Post($"/api_keys/{Own.Key}/revoke")).Is(200);
        Assert.False(answer.Json.GetProperty("receipt").TryGetProperty("replicas", out _));
        var receipt = JsonSerializer.Deserialize(answer.Text, WarderJson.Wire.ReceiptHolder)!.Receipt!;
        var lines = await Lines(receipt.Id);
        Assert.Equal("raw", Assert.Single(lines).Name);
        Assert.Null(ReceiptVerification.CheckLines(receipt, lines));
        Assert.NotNull(ReceiptVerification.CheckLines(receipt, []));
        Assert.NotNull(ReceiptVerification.CheckLines(receipt, [lines[0] with { Outcome = ReceiptOutcome.Acknowledged + "x" }]));
    }

    private static IEnumerable<(string Kind, List<ReceiptLine> Lines)> Altered(List<ReceiptLine> lines)
    {
        yield return ("altered name", [lines[0] with { Name = "other" }, .. lines[1..]]);
        yield return ("altered outcome", [lines[0] with { Outcome = ReceiptOutcome.Acknowledged }, .. lines[1..]]);
        yield return ("altered node", [lines[0] with { Follows = "node_01K00000000000000000000000" }, .. lines[1..]]);
        yield return ("missing", lines[1..]);
        yield return ("none", []);
        yield return ("added", [.. lines, lines[^1]]);
        yield return ("one for another", [.. lines[..^1], lines[0]]);
        yield return ("re-ordered", [lines[1], lines[0], .. lines[2..]]);
    }

    private async Task<List<ReceiptLine>> Lines(string id)
    {
        var lines = new List<ReceiptLine>();
        for (string? after = null; ;)
        {
            var page = JsonSerializer.Deserialize((await Warder.Get($"/receipts/{id}/lines?limit=50" + (after is null ? "" : "&after=" + after))).Is(200).Text, WarderJson.Wire.ListPageReceiptLine)!;
            Assert.InRange(page.Data.Count, 1, 50);
            lines.AddRange(page.Data);
            after = page.ListMetadata.After;
            if (after is null)
                return lines;
        }
    }

    private long Stored(string digest)
        => Warder.Node.Store.Read(session => session.Number("SELECT LENGTH(compressed) FROM receipt_lines WHERE sha256 = $1", digest));
}
