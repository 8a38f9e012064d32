using System.Text.Json;
using Warder.Client.Tests;
using Warder.Client.Tests.Server;

namespace Warder.Cli.Tests;

/// <summary><c>warder drill</c> on a real server.</summary>
public sealed class DrillTests(RealServer server) : IClassFixture<RealServer>
{
    [Fact]
    public async Task A_revocation_drill_says_that_nobody_was_let_in_and_shows_it()
    {
        var run = await RunAsync("drill", "revocation", "--rounds", "5", "--json");
        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        var report = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(0, report.GetProperty("window_microseconds").GetInt64());
        var verifiers = report.GetProperty("verifiers").EnumerateArray().ToList();
        Assert.Equal(["node", "replica"], verifiers.Select(verifier => verifier.GetProperty("kind").GetString()));
        Assert.All(verifiers, verifier => Assert.True(verifier.GetProperty("after_return").GetInt32() >= 5 * 25, run.Out));
        var rounds = report.GetProperty("rounds").EnumerateArray().ToList();
        Assert.Equal(5, rounds.Select(round => round.GetProperty("api_key_id").GetString()).Distinct().Count());
        Assert.All(rounds, round =>
        {
            Assert.True(round.GetProperty("receipt_verified").GetBoolean());
            Assert.Equal(2, round.GetProperty("receipt").GetProperty("verifiers").GetArrayLength());
            Assert.All(
                round.GetProperty("last_allowed_microseconds").EnumerateArray(), last => Assert.InRange(last.GetInt64(), -30_000_000, 0));
        });
        Assert.Contains(
            "none let the key in (2 keys)", (await RunAsync("drill", "revocation", "--rounds", "2")).Out, StringComparison.Ordinal);
        // The drill has removed its key.
        Assert.DoesNotContain("Warder drill", (await RunAsync("organizations", "list", "--json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_that_lets_a_revoked_key_in_is_found()
    {
        await using var lax = await Wire.ServeAsync(200, "{}");
        var run = await RunAsync("drill", "revocation", "--rounds", "1", "--application", lax.Address.AbsoluteUri);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("A revoked key was let in up to", run.Out, StringComparison.Ordinal);
        Assert.All(lax.Requests, seen => Assert.StartsWith("Bearer wdr_live_", seen.Authorization, StringComparison.Ordinal));
    }

    private Task<Run> RunAsync(params string[] args)
        => Run.OfAsync(
            new() { ["WARDER_URL"] = server.Address.AbsoluteUri, ["WARDER_MANAGEMENT_KEY"] = server.ManagementKey.Reveal() }, "",
            isTerminal: false, args);
}
