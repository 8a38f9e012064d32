using System.Text.Json;
using Warder.Server.Hosting;

namespace Warder.Cli.Tests;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DoctorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("warder-doctor-").FullName;

    private string Data => Path.Combine(folder, "data");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Before_the_first_start_it_says_what_the_start_makes_and_makes_nothing()
    {
        var checks = await ChecksAsync(ExitCode.Ok, "--listen", "http://127.0.0.1:0");
        Assert.Equal("warn", checks["data_directory"].Status);
        Assert.Equal("warn", checks["root_key"].Status);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task Beside_a_running_server_it_passes_and_after_it_too()
    {
        await using (await WarderHost.StartAsync(new ServeOptions { DataDirectory = Data, Listen = "http://127.0.0.1:0" }))
        {
            var checks = await ChecksAsync(ExitCode.Ok, "--listen", "http://127.0.0.1:0");
            Assert.Contains("running server", checks["data_directory"].Message, StringComparison.Ordinal);
            Assert.Equal("warn", checks["management_key"].Status);
        }

        Assert.DoesNotContain("running", (await ChecksAsync(ExitCode.Ok, "--listen", "http://127.0.0.1:0"))["data_directory"].Message,
            StringComparison.Ordinal);
        await using var again = await WarderHost.StartAsync(new ServeOptions { DataDirectory = Data, Listen = "http://127.0.0.1:0" });
    }

    [Fact]
    public async Task What_keeps_a_server_from_starting_fails_with_what_to_do()
    {
        await using (await WarderHost.StartAsync(new ServeOptions { DataDirectory = Data, Listen = "http://127.0.0.1:0" }))
        {
        }

        File.SetUnixFileMode(Path.Combine(Data, "warder.db"), (UnixFileMode)0b110_100_100);
        File.Delete(Path.Combine(Data, "root-key"));
        File.SetLastWriteTimeUtc(Path.Combine(Data, "warder.db"), DateTime.UtcNow.AddHours(1));
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var checks = await ChecksAsync(ExitCode.Refused, "--listen", $"http://{taken.LocalEndpoint}");
        Assert.Equal(("fail", true), (checks["data_directory"].Status, checks["data_directory"].Message.Contains("chmod 600")));
        Assert.Equal("fail", checks["root_key"].Status);
        Assert.Equal("fail", checks["clock"].Status);
        Assert.Equal("fail", checks["listen"].Status);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_fails_without_its_password()
    {
        var run = await Run.OfAsync(
            new() { ["WARDER_DATABASE"] = "postgresql://ann:hidden@127.0.0.1:1/warder" }, "", isTerminal: false, "doctor", "--data", Data);
        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Contains("fail  database", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", run.Out + run.Error, StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, (string Status, string Message)>> ChecksAsync(int code, params string[] options)
    {
        var run = await Run.OfAsync([], "", isTerminal: false, ["doctor", "--json", "--data", Data, .. options]);
        Assert.True(run.Code == code, run.Out + run.Error);
        using var json = JsonDocument.Parse(run.Out);
        return json.RootElement.GetProperty("checks").EnumerateArray().ToDictionary(
            static check => check.GetProperty("name").GetString()!,
            static check => (check.GetProperty("status").GetString()!, check.GetProperty("message").GetString()!));
    }
}
