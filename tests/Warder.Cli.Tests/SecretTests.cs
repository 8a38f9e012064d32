using Warder.Cli.Shells;
using Warder.Client.Tests;
using static Warder.Client.Tests.Wire;

namespace Warder.Cli.Tests;

public sealed class SecretTests
{
    [Fact]
    public async Task The_management_key_comes_from_the_environment_a_file_or_standard_input_in_reverse_order_of_rank()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "wdrm_of_file\n");
        await using var wire = await ServeAsync(200, Samples.Key());
        await Run.AgainstAsync(wire, "keys", "show", "api_key_1");
        await Run.AgainstAsync(wire, "keys", "show", "api_key_1", "--key-file", file);
        await Run.AgainstAsync(wire, "wdrm_of_input\n", isTerminal: false, "keys", "show", "api_key_1", "--key-file", "-");
        File.Delete(file);
        Assert.Equal(
            ["Bearer wdrm_test", "Bearer wdrm_of_file", "Bearer wdrm_of_input"], wire.Requests.Select(request => request.Authorization));
    }

    [Theory]
    [InlineData("http://warder.example.com:7070", "--url")]
    [InlineData("http://10.0.0.1", "--url")]
    [InlineData("http://127.0.0.1.example.com", "--url")]
    [InlineData("http://warder.example.com:7070", "WARDER_URL")]
    public async Task Plain_http_to_another_machine_is_refused_before_anything_is_sent(string address, string source)
    {
        string[] named = source == "--url" ? ["--url", address] : [];
        var variables = new Dictionary<string, string> { ["WARDER_MANAGEMENT_KEY"] = "wdrm_test" };
        if (source == "WARDER_URL")
            variables.Add("WARDER_URL", address);
        foreach (var command in (string[][])[["keys", "show", "api_key_1"], ["health"], ["drill", "revocation"],
            ["receipts", "list", "--json"]])
        {
            var run = await Run.OfAsync(variables, "", isTerminal: false, [.. command, .. named]);
            Assert.Equal(ExitCode.Usage, run.Code);
            var error = run.Error.Replace("\\\"", "\"", StringComparison.Ordinal);
            Assert.Contains($"{source}: \"{address}\" would carry keys in the clear", error, StringComparison.Ordinal);
            Assert.Contains("--insecure", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Plain_http_to_another_machine_is_sent_where_it_is_insisted_on_and_to_this_machine_always()
    {
        // The host does not exist: the command sends the request, and does not refuse the address.
        var run = await Run.OfAsync(
            new() { ["WARDER_MANAGEMENT_KEY"] = "wdrm_test" }, "", isTerminal: false, "health", "--insecure", "--url",
            "http://warder.invalid:7070");
        Assert.Equal(ExitCode.Unavailable, run.Code);
        await using var wire = await ServeAsync(200, Samples.Key());
        Assert.Equal(ExitCode.Ok, (await Run.AgainstAsync(wire, "keys", "show", "api_key_1")).Code);
    }

    [Fact]
    public async Task A_key_file_that_every_user_can_read_is_refused()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "wdrm_of_file\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await using var wire = await ServeAsync(200, Samples.Key());
        var run = await Run.AgainstAsync(wire, "keys", "show", "api_key_1", "--key-file", file);
        File.Delete(file);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains($"chmod 600 {file}", run.Error, StringComparison.Ordinal);
        Assert.Empty(wire.Requests);
    }

    [Fact]
    public async Task A_key_to_validate_is_read_from_standard_input()
    {
        await using var wire = await ServeAsync(200, Samples.Allowed);
        var run = await Run.AgainstAsync(wire, $"{Samples.Secret}\n", isTerminal: false, "keys", "validate", "--permission", "posts:read");
        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal($$"""{"value":"{{Samples.Secret}}","permissions":["posts:read"]}""", wire.Requests.Single().Body);
        Assert.DoesNotContain(Samples.Secret, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denied_key_is_exit_code_1_with_the_reason()
    {
        await using var wire = await ServeAsync(200, Samples.Denied("revoked"));
        var run = await Run.AgainstAsync(wire, Samples.Secret, isTerminal: false, "keys", "validate");
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("code\trevoked\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public async Task An_empty_secret_is_not_sent(string input)
    {
        await using var wire = await ServeAsync(200, Samples.Allowed);
        Assert.Equal(ExitCode.Usage, (await Run.AgainstAsync(wire, input, isTerminal: false, "keys", "validate")).Code);
        Assert.Empty(wire.Requests);
    }

    [Fact]
    public async Task A_file_that_is_no_secret_is_not_sent()
    {
        await using var wire = await ServeAsync(200, Samples.Allowed);
        var run = await Run.AgainstAsync(wire, new string('a', 5000), isTerminal: false, "keys", "validate");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Empty(wire.Requests);
    }

    [Fact]
    public async Task The_key_that_a_server_here_wrote_is_shown_to_servers_here_only()
    {
        var directory = Directory.CreateTempSubdirectory("warder-cli-");
        await File.WriteAllTextAsync(Path.Combine(directory.CreateSubdirectory("data").FullName, "management-key"), "wdrm_local\n");
        var shell = new Shell
        {
            Out = TextWriter.Null, Error = TextWriter.Null, In = Stream.Null, Directory = directory.FullName, Variable = _ => null,
            Now = () => Run.Now,
        };
        Assert.Equal("wdrm_local", ManagementKeySource.Find(shell, null, new Uri("http://127.0.0.1:7070"))?.Reveal());
        Assert.Equal("wdrm_local", ManagementKeySource.Find(shell, null, new Uri("https://localhost"))?.Reveal());
        Assert.Null(ManagementKeySource.Find(shell, null, new Uri("https://warder.example.com")));
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Without_a_management_key_it_says_where_to_put_one()
    {
        await using var wire = await ServeAsync(401, """{"message":"Unauthorized","code":"unauthorized","request_id":"req_1"}""");
        var run = await Run.OfAsync(new() { ["WARDER_URL"] = wire.Address.AbsoluteUri }, "", isTerminal: false, "keys", "list");
        Assert.Equal(ExitCode.NotAuthorized, run.Code);
        Assert.Contains("WARDER_MANAGEMENT_KEY", run.Error, StringComparison.Ordinal);
    }
}
