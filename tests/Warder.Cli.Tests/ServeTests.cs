using Warder.Client.Tests.Server;
using Warder.Core.Secrets;
using Warder.Server.Hosting;

namespace Warder.Cli.Tests;

public sealed class ServeTests(RealServer server) : IClassFixture<RealServer>, IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("warder-serve-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task An_address_that_is_taken_is_said_to_be()
    {
        var run = await ServeAsync("--listen", server.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("address already in use", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "--insecure")]
    [InlineData("https://127.0.0.1:0", "--tls-cert")]
    [InlineData("http://warder.example.com:0", "IP address")]
    public async Task An_address_that_would_be_wrong_is_refused_with_what_would_be_right(string listen, string advice)
    {
        var run = await ServeAsync("--listen", listen);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(advice, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_one_data_directory_is_refused()
    {
        await using var first = await WarderHost.StartAsync(new ServeOptions { DataDirectory = directory, Listen = "http://127.0.0.1:0" });
        var run = await ServeAsync("--listen", "http://127.0.0.1:0");
        Assert.Equal(ExitCode.Unavailable, run.Code);
        Assert.Contains(directory, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preset_management_key_that_is_not_well_formed_is_refused_and_not_shown()
    {
        var run = await Run.OfAsync(
            new() { ["WARDER_MANAGEMENT_KEY"] = "wdrm_wrong" }, "", isTerminal: false, "serve", "--data", directory, "--listen",
            "http://127.0.0.1:0");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.DoesNotContain("wdrm_wrong", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_management_key_is_replaced_offline()
    {
        await using (await WarderHost.StartAsync(new ServeOptions { DataDirectory = directory, Listen = "http://127.0.0.1:0" }))
        {
            var refused = await Run.OfAsync([], "", isTerminal: false, "management-keys", "create", "--name", "new", "--data", directory);
            Assert.Equal(ExitCode.Unavailable, refused.Code);
        }

        var run = await Run.OfAsync([], "", isTerminal: false, "management-keys", "create", "--name", "new", "--data", directory);
        Assert.Equal(ExitCode.Ok, run.Code);
        await using var host = await WarderHost.StartAsync(new ServeOptions { DataDirectory = directory, Listen = "http://127.0.0.1:0" });
        var key = new SecretString(run.Out.Trim().Split('\t')[1]);
        Assert.NotEmpty((await server.As(key, new Uri(host.Address)).ManagementKeys.ListAsync()).Data);
    }

    private Task<Run> ServeAsync(params string[] options)
        => Run.OfAsync([], "", isTerminal: false, ["serve", "--data", directory, .. options]);
}
