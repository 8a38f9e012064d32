using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Warder.Client.Tests.Server;

namespace Warder.Cli.Tests;

/// <summary>The command line against a real server.</summary>
public sealed class ServerTests(RealServer server) : IClassFixture<RealServer>
{
    [Fact]
    public async Task A_keys_whole_life_can_be_led_from_the_command_line()
    {
        var slug = $"posts:{Unique()}";
        await OkAsync("permissions", "create", slug, "--name", "Posts");
        var organization = Id(await OkAsync("organizations", "create", "--name", "Acme", "--json"));
        var issued = Json(await OkAsync("keys", "create", "--org", organization, "--name", "Production", "--permission", slug, "--json"));
        var (id, value) = (issued.GetProperty("id").GetString()!, issued.GetProperty("value").GetString()!);

        Assert.Equal(ExitCode.Ok, (await RunAsync(value, "keys", "validate", "--permission", slug)).Code);
        Assert.Equal(ExitCode.Refused, (await RunAsync(value, "keys", "validate", "--permission", "posts:other")).Code);
        await OkAsync("keys", "update", id, "--expires-at", "2100-01-01", "--purpose", "tests");
        await OkAsync("keys", "suspend", id, "--reason", "odd");
        await OkAsync("keys", "resume", id);
        var rotated = Json(await OkAsync("keys", "rotate", id, "--overlap", "60", "--json")).GetProperty("value").GetString()!;
        Assert.Equal(ExitCode.Ok, (await RunAsync(rotated, "keys", "validate")).Code);
        Assert.Contains(id, (await OkAsync("keys", "revoke", id, "--dry-run")).Out, StringComparison.Ordinal);
        Assert.Contains(
            "revocation_reason\tleaked\n", (await OkAsync("keys", "revoke", id, "--reason", "leaked")).Out, StringComparison.Ordinal);
        var denied = await RunAsync(rotated, "keys", "validate");
        Assert.Equal(ExitCode.Refused, denied.Code);
        Assert.Contains("code\trevoked\n", denied.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, (await RunAsync("", "keys", "update", id, "--name", "b")).Code);
        await OkAsync("keys", "delete", id);
        Assert.Equal(ExitCode.NotFound, (await RunAsync("", "keys", "delete", id)).Code);
        var log = await OkAsync("events", "list", "--org", organization, "--type", "api_key.revoked", "--json");
        Assert.Equal(id, Json(log).GetProperty("data")[0].GetProperty("data").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_directory_can_be_kept_from_the_command_line()
    {
        var role = $"editor-{Unique()}";
        await OkAsync("roles", "create", role, "--name", "Editor");
        await OkAsync("roles", "set-permissions", role, "--none");
        var organization = Id(await OkAsync(
            "orgs", "create", "--name", "Acme", "--external-id", Unique(), "--metadata", "plan=pro", "--json"));
        await OkAsync("orgs", "update", organization, "--external-id", "");
        var user = Id(await OkAsync("users", "create", "--email", $"{Unique()}@example.com", "--json"));
        await OkAsync("users", "update", user, "--first-name", "Ada", "--email-verified", "true");
        var membership = Id(await OkAsync("members", "create", "--user", user, "--org", organization, "--role", role, "--json"));
        await OkAsync("members", "update", membership, "--role", "admin");
        await OkAsync("members", "deactivate", membership, "--dry-run");
        await OkAsync("members", "deactivate", membership);
        await OkAsync("members", "reactivate", membership);
        await OkAsync("members", "list", "--status", "active", "--status", "inactive");
        await OkAsync("members", "delete", membership);
        await OkAsync("users", "delete", user);
        await OkAsync("users", "erase", user);
        await OkAsync("orgs", "delete", organization);
        await OkAsync("roles", "delete", role);
    }

    [Fact]
    public async Task An_import_can_be_run_again_after_it_broke_off()
    {
        var organization = Id(await OkAsync("organizations", "create", "--name", "Acme", "--json"));
        var values = Enumerable.Range(0, 120).Select(_ => $"sk_old_{Unique()}").ToArray();
        string[] command = ["keys", "import", "-", "--prefix", "sk_old_", "--length", "32", "--alphabet", "hex", "--json"];
        Assert.Equal("""{"imported":105,"skipped":0}""" + "\n", (await RunAsync(Records(values[..105], organization), command)).Out);
        Assert.Equal("""{"imported":15,"skipped":105}""" + "\n", (await RunAsync(Records(values, organization), command)).Out);
        Assert.Equal(ExitCode.Ok, (await RunAsync(values[119], "keys", "validate")).Code);
        var weak = await RunAsync(
            Records(values, organization), "keys", "import", "-", "--prefix", "sk_", "--length", "8", "--alphabet", "hex");
        Assert.Equal(ExitCode.Refused, weak.Code);
        Assert.Contains("scheme.length", weak.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rights_and_environments_can_be_given_from_the_command_line()
    {
        await OkAsync("environments", "create", "--name", "staging", "--key-prefix", "t" + Unique()[..10]);
        Assert.Contains("wdr_live", (await OkAsync("environments", "list")).Out, StringComparison.Ordinal);
        var issued = Json(await OkAsync("management-keys", "create", "--name", "validator", "--right", "keys:validate", "--json"));
        var variables = Variables();
        variables["WARDER_MANAGEMENT_KEY"] = issued.GetProperty("value").GetString()!;
        Assert.Equal(ExitCode.NotAuthorized, (await Run.OfAsync(variables, "", isTerminal: false, "keys", "list")).Code);
        await OkAsync("management-keys", "revoke", issued.GetProperty("id").GetString()!);
        Assert.Equal(ExitCode.NotAuthorized, (await Run.OfAsync(variables, "x", isTerminal: false, "keys", "validate")).Code);
        await OkAsync("health");
    }

    private static string Unique() => Guid.NewGuid().ToString("n");

    private static string Records(IEnumerable<string> values, string organization) => string.Join('\n', values.Select(value => $$$"""
        {"value_sha256":"{{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))}}}","last_four":"{{{value[^4..]}}}",
         "owner":{"type":"organization","id":"{{{organization}}}"},"name":"imported"}
        """));

    private static JsonElement Json(Run run) => JsonDocument.Parse(run.Out).RootElement;

    private static string Id(Run run) => Json(run).GetProperty("id").GetString()!;

    private Dictionary<string, string> Variables()
        => new() { ["WARDER_URL"] = server.Address.AbsoluteUri, ["WARDER_MANAGEMENT_KEY"] = server.ManagementKey.Reveal() };

    private Task<Run> RunAsync(string input, params string[] args) => Run.OfAsync(Variables(), input, isTerminal: false, args);

    private async Task<Run> OkAsync(params string[] args)
    {
        var run = await RunAsync("", args);
        Assert.True(run.Code == ExitCode.Ok, run.Error);
        return run;
    }
}
