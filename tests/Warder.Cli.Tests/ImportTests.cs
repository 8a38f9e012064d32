using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Warder.Client.Tests;
using static Warder.Client.Tests.Wire;

namespace Warder.Cli.Tests;

public sealed class ImportTests
{
    private static readonly string[] Command =
        ["keys", "import", "-", "--prefix", "sk_", "--length", "32", "--alphabet", "base62"];

    private const string Empty = """{"object":"list","data":[],"list_metadata":{"before":null,"after":null}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_and_arrays_are_sent_a_hundred_at_a_time(bool isArray)
    {
        await using var wire = await ServeAsync(201, Empty);
        var run = await Run.AgainstAsync(wire, Records(250, isArray), isTerminal: false, Command);
        Assert.Equal("Imported 250, skipped 0 that were already present.\n", run.Out);
        var sent = wire.Requests.Where(static request => !request.Target.Contains("dry_run", StringComparison.Ordinal)).ToList();
        Assert.Equal([100, 100, 50], sent.Select(request => Digests(request.Body).Count));
        Assert.Equal(3, sent.Select(request => request.IdempotencyKey).Distinct().Count());
        Assert.Equal(6, wire.Requests.Count);
        Assert.StartsWith(
            """{"scheme":{"prefix":"sk_","length":32,"alphabet":"base62"},"api_keys":[{"value_sha256":""",
            wire.Requests.First().Body,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_there_already_is_skipped_whether_or_not_the_server_names_it(bool isNamed)
    {
        var present = new HashSet<string>(Enumerable.Range(0, 130).Where(number => number % 3 == 0).Select(Digest));
        var imported = new List<string>();
        await using var wire = await ServeAsync((_, context, body) => TakeAsync(context, body, isNamed, present, imported));
        var run = await Run.AgainstAsync(wire, Records(130), isTerminal: false, [.. Command, "--json"]);
        Assert.Equal("""{"imported":86,"skipped":44}""" + "\n", run.Out);
        Assert.Equal(Enumerable.Range(0, 130).Where(number => number % 3 != 0).Select(Digest).Order(), imported.Order());
        var again = await Run.AgainstAsync(wire, Records(130), isTerminal: false, [.. Command, "--json"]);
        Assert.Equal("""{"imported":0,"skipped":130}""" + "\n", again.Out);
    }

    [Fact]
    public async Task A_record_that_stands_twice_is_sent_once()
    {
        await using var wire = await ServeAsync(201, Empty);
        var run = await Run.AgainstAsync(wire, Record(1) + "\n" + Record(1), isTerminal: false, Command);
        Assert.Equal("Imported 1, skipped 1 that were already present.\n", run.Out);
    }

    [Fact]
    public async Task A_mistyped_member_is_refused_by_its_record_before_it_can_make_a_key_that_never_ends()
    {
        await using var wire = await ServeAsync(201, Empty);
        var typo = Record(2).Replace("\"name\"", "\"expire_at\":\"2027-01-01T00:00:00Z\",\"name\"", StringComparison.Ordinal);
        var run = await Run.AgainstAsync(wire, Record(1) + "\n" + typo, isTerminal: false, Command);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("record 2", run.Error, StringComparison.Ordinal);
        Assert.Contains("expire_at", run.Error, StringComparison.Ordinal);
        Assert.Empty(wire.Requests);
    }

    [Fact]
    public async Task A_refused_record_is_named_by_its_number_in_the_file()
    {
        await using var wire = await ServeAsync((count, context) => count == 1
            ? JsonAsync(context, 201, Empty)
            : JsonAsync(context, 422, """
                {"message":"No such organization.","code":"not_found","request_id":"req_1",
                 "errors":[{"field":"api_keys[4].owner.id","code":"not_found","message":"No such organization."}]}
                """));
        var run = await Run.AgainstAsync(wire, Records(120), isTerminal: false, Command);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("record 105, owner.id: No such organization.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_record_keeps_all_out_and_each_bad_one_is_named()
    {
        await using var wire = await ServeAsync((count, context) => JsonAsync(context, 422, """
            {"message":"x","code":"must_be_future","request_id":"req_1",
             "errors":[{"field":"api_keys[4].expires_at","code":"must_be_future","message":"Must be in the future."},
                       {"field":"api_keys[7].expires_at","code":"must_be_future","message":"Must be in the future."}]}
            """));
        var run = await Run.AgainstAsync(wire, Records(120), isTerminal: false, Command);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.All(wire.Requests, static request => Assert.EndsWith("?dry_run=true", request.Target, StringComparison.Ordinal));
        Assert.Contains("4 of 120 records cannot be imported. Nothing was imported.", run.Error, StringComparison.Ordinal);
        foreach (var record in (int[])[5, 8, 105, 108])
            Assert.Contains($"record {record}, expires_at: Must be in the future.", run.Error, StringComparison.Ordinal);
    }

    private static async Task TakeAsync(HttpContext context, string body, bool isNamed, HashSet<string> present, List<string> imported)
    {
        var digests = Digests(body);
        var there = digests.Select((digest, index) => (digest, index)).Where(record => present.Contains(record.digest)).ToArray();
        if (there.Length == 0)
        {
            imported.AddRange(digests);
            present.UnionWith(digests);
            await JsonAsync(context, 201, Empty);
            return;
        }

        var errors = isNamed
            ? ",\"errors\":[" + string.Join(',', there.Select(record =>
                $$"""{"field":"api_keys[{{record.index}}].value_sha256","code":"api_key_already_imported","message":"There."}""")) + "]"
            : "";
        await JsonAsync(context, 409, $$"""{"message":"There.","code":"api_key_already_imported"{{errors}},"request_id":"req_1"}""");
    }

    private static List<string> Digests(string body)
        => [
            .. JsonDocument.Parse(body).RootElement.GetProperty("api_keys").EnumerateArray()
                .Select(key => key.GetProperty("value_sha256").GetString()!)];

    private static string Digest(int number) => number.ToString("x64");

    private static string Record(int number) => $$$"""
        {"value_sha256":"{{{Digest(number)}}}","last_four":"abcd","owner":{"type":"organization","id":"org_1"},"name":"key {{{number}}}"}
        """;

    private static string Records(int count, bool isArray = false)
        => isArray
            ? " [" + string.Join(",\n", Enumerable.Range(0, count).Select(Record)) + "]\n"
            : string.Join('\n', Enumerable.Range(0, count).Select(Record)) + "\n";
}
