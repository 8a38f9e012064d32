using System.Text.Json;
using Warder.Client.Tests.Server;
using Warder.Server.Tests.Replicas;

namespace Warder.Cli.Tests;

/// <summary>Receipts as the command line shows and verifies them.</summary>
public sealed class ReceiptTests(RealServer server) : IClassFixture<RealServer>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("warder-receipts-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_receipt_is_shown_kept_and_verified_without_asking_anybody()
    {
        var key = await Issue();
        var revoked = await RunAsync("", isTerminal: false, "keys", "revoke", key);
        var id = revoked.Out.Split('\n').Single(line => line.StartsWith("receipt\t", StringComparison.Ordinal))["receipt\t".Length..];
        Assert.Contains(id, (await RunAsync("", isTerminal: false, "receipts", "list", "--subject", key)).Out, StringComparison.Ordinal);

        var receipt = (await RunAsync("", isTerminal: false, "receipts", "show", id, "--json")).Out;
        var keys = Path.Combine(folder, "jwks.json");
        using (var http = new HttpClient())
            await File.WriteAllTextAsync(keys, await http.GetStringAsync(new Uri(server.Address, "/.well-known/jwks.json")));
        var verified = await Alone(receipt, "receipt", "verify", "-", "--keys", keys);
        Assert.Equal(ExitCode.Ok, verified.Code);
        Assert.Contains($"subject_id\t{key}\n", verified.Out, StringComparison.Ordinal);
        Assert.Equal(
            ExitCode.Ok,
            (await Alone(
                JsonDocument.Parse(receipt).RootElement.GetProperty("jws").GetString()!, "receipt", "verify", "-", "--keys", keys)).Code);

        var altered = await Alone(
            receipt.Replace("api_key.revoked", "api_key.resumed", StringComparison.Ordinal), "receipt", "verify", "-", "--keys",
            keys, "--json");
        Assert.Equal(ExitCode.Refused, altered.Code);
        Assert.False(JsonDocument.Parse(altered.Out).RootElement.GetProperty("verified").GetBoolean());
        await File.WriteAllTextAsync(keys, """{"keys":[]}""");
        Assert.Equal(ExitCode.Refused, (await Alone(receipt, "receipt", "verify", "-", "--keys", keys)).Code);
        await File.WriteAllTextAsync(keys, "no keys");
        Assert.Equal(ExitCode.Usage, (await Alone(receipt, "receipt", "verify", "-", "--keys", keys)).Code);
    }

    [Fact]
    public async Task The_lines_of_a_receipt_are_listed_and_verified_with_it()
    {
        await using (var replica = await RawReplica.ConnectAsync(server.Address.AbsoluteUri, server.ManagementKey.Reveal()))
            await replica.Join(RawReplica.NewIdentity());
        var answer = (await RunAsync("", isTerminal: false, "keys", "revoke", await Issue(), "--json")).Out;
        var id = JsonDocument.Parse(answer).RootElement.GetProperty("receipt").GetProperty("id").GetString()!;
        Assert.Contains("\traw\t", (await RunAsync("", isTerminal: false, "receipts", "lines", id)).Out, StringComparison.Ordinal);
        var (lines, file) = (
            (await RunAsync("", isTerminal: false, "receipts", "lines", id, "--json")).Out, Path.Combine(folder, "lines.json"));
        foreach (var (text, code) in new[] { (lines, ExitCode.Ok),
            (lines.Replace("\"raw\"", "\"other\"", StringComparison.Ordinal), ExitCode.Refused), ("{}", ExitCode.Usage) })
        {
            await File.WriteAllTextAsync(file, text);
            Assert.Equal(code, (await RunAsync(answer, isTerminal: false, "receipts", "verify", "-", "--lines", file)).Code);
        }
    }

    [Fact]
    public async Task Receipts_verify_after_the_signing_key_was_replaced()
    {
        var before = (await RunAsync("", isTerminal: false, "keys", "revoke", await Issue(), "--json")).Out;
        Assert.Equal(ExitCode.Ok, (await RunAsync("", isTerminal: false, "signing-keys", "create")).Code);
        var listed = (await RunAsync("", isTerminal: false, "signing-keys", "list")).Out.Trim().Split('\n');
        Assert.Equal(["yes", "no"], listed[1..3].Select(line => line.Split('\t')[2]));
        var after = (await RunAsync("", isTerminal: false, "keys", "revoke", await Issue(), "--json")).Out;
        foreach (var answer in (string[])[before, after])
            Assert.Equal(ExitCode.Ok, (await RunAsync(answer, isTerminal: false, "receipts", "verify", "-")).Code);
    }

    [Fact]
    public async Task While_a_verifier_is_waited_for_it_is_said_who_is_there_by_now()
    {
        await using var frozen = await RawReplica.ConnectAsync(server.Address.AbsoluteUri, server.ManagementKey.Reveal());
        await frozen.Join(RawReplica.NewIdentity());
        var run = await RunAsync("", isTerminal: true, "keys", "revoke", await Issue());
        var lines = run.Error.Split('\n').Select(
            line => System.Text.RegularExpressions.Regex.Replace(line, " [a-z]+_[0-9A-Z]{26}|\\d+ ms", "")).ToList();
        Assert.Equal("The change is durable. Waiting until it is in force everywhere:", lines[0]);
        Assert.Contains("  raw (replica): not yet; the change waits until its lease ends", lines);
        Assert.Contains("In force everywhere,  after it was durable: 2 verifiers. Receipt", lines);
        Assert.Contains("  raw (replica): its lease ran out", lines);
    }

    private async Task<string> Issue()
    {
        var organization = JsonDocument.Parse(
            (await RunAsync("", isTerminal: false, "organizations", "create", "--name", "Acme", "--json")).Out).RootElement;
        var made = await RunAsync(
            "", isTerminal: false, "keys", "create", "--org", organization.GetProperty("id").GetString()!, "--name", "k", "--json");
        return JsonDocument.Parse(made.Out).RootElement.GetProperty("id").GetString()!;
    }

    // No server runs that the command could reach.
    private static Task<Run> Alone(string input, params string[] args)
        => Run.OfAsync(new() { ["WARDER_URL"] = "http://127.0.0.1:1" }, input, isTerminal: false, args);

    private Task<Run> RunAsync(string input, bool isTerminal, params string[] args)
        => Run.OfAsync(
            new() { ["WARDER_URL"] = server.Address.AbsoluteUri, ["WARDER_MANAGEMENT_KEY"] = server.ManagementKey.Reveal() }, input,
            isTerminal, args);
}
