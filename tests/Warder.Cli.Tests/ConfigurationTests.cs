using System.Text.Json;
using Warder.Cli.Options;
using Warder.Server.Configuration;

namespace Warder.Cli.Tests;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ConfigurationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("warder-config-").FullName;

    private string FilePath => Path.Combine(folder, "warder.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_setting_can_be_written_in_the_file()
    {
        var members = ServeSettings.All.Select(static setting => $"\"{setting.Name}\": " + (setting.Kind switch
        {
            SettingKind.Number => "7",
            SettingKind.Flag => "true",
            _ => setting.Repeats ? "[\"one\", \"two\"]" : "\"one\"",
        }));
        var file = Write("{ // the whole of it\n" + string.Join(",\n", members) + ",\n}");
        Assert.All(ServeSettings.All, setting => Assert.NotNull(file.Find(setting)));
    }

    [Fact]
    public void A_flag_wins_over_the_environment_and_that_over_the_file()
    {
        var file = Write("""{"listen": "http://127.0.0.1:1", "data": "of-the-file", "node-name": "of-the-file"}""");
        var options = ServeSettings.ToOptions(ServeSettings.Resolve(
            static setting => setting.Name == "listen" ? ["http://127.0.0.1:3"] : null,
            static name => name is "WARDER_LISTEN" or "WARDER_NODE_NAME" ? "of-the-environment" : null, file.Find));
        Assert.Equal("http://127.0.0.1:3", options.Listen);
        Assert.Equal("of-the-environment", options.NodeName);
        // A path counts from the file.
        Assert.Equal(Path.Combine(folder, "of-the-file"), options.DataDirectory);
    }

    [Theory]
    [InlineData("""{"tls-certs": "x"}""", "`tls-certs` is no setting: did you mean `tls-cert`?")]
    [InlineData("""{"node_name": "x"}""", "`node_name` is no setting: did you mean `node-name`?")]
    [InlineData("""{"management-key": "x"}""", "a secret stands in a file of its own")]
    [InlineData("""{"listen": "http://127.0.0.1:1", "listen": "http://127.0.0.1:2"}""", "`listen` is there twice")]
    [InlineData("""{"listen": 7070}""", "`listen` must be a text")]
    [InlineData("""{"listen": null}""", "`listen` must be a text")]
    [InlineData("""{"max-connections": "7"}""", "`max-connections` must be a whole number")]
    [InlineData("""{"max-connections": 1.5}""", "is not a whole number")]
    [InlineData("""{"insecure": "yes"}""", "`insecure` must be true or false")]
    [InlineData("""{"database-file": "-"}""", "`database-file` cannot be standard input")]
    [InlineData("""{"Logging": {"LogLevels": {}}}""", "`Logging` has `LogLevel`")]
    [InlineData("""{"Logging": {"LogLevel": {"Warder": "Loud"}}}""", "\"Loud\" is no level")]
    [InlineData("""{"log-format": "xml"}""", "--log-format: must be text or json")]
    [InlineData("[]", "one JSON object")]
    [InlineData("{", "it is no JSON")]
    public async Task What_is_no_configuration_is_refused_with_its_reason(string text, string reason)
    {
        await File.WriteAllTextAsync(FilePath, text);
        foreach (var command in (string[][])[["config", "check"], ["serve"]])
        {
            var run = await Run.OfAsync([], "", isTerminal: false, [.. command, "--config", FilePath]);
            Assert.Equal(ExitCode.Usage, run.Code);
            Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_every_user_can_change_or_that_is_missing_is_refused()
    {
        Write("{}");
        File.SetUnixFileMode(FilePath, (UnixFileMode)0b110_110_110);
        var run = await Run.OfAsync([], "", isTerminal: false, "serve", "--config", FilePath);
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("chmod o-w", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await Run.OfAsync([], "", isTerminal: false, "serve", "--config", FilePath + "x")).Code);
    }

    [Fact]
    public async Task The_check_shows_each_setting_and_its_source_and_no_secret()
    {
        Write("""{"data": "d", "max-connections": 64, "Logging": {"LogLevel": {"Warder": "Debug"}}}""");
        var run = await Run.OfAsync(
            new() { ["WARDER_CONFIG"] = FilePath, ["WARDER_NODE_NAME"] = "eu-1", ["WARDER_DATABASE"] = "postgresql://u:hidden@h/d" }, "",
            isTerminal: false, "config", "check", "--json");
        Assert.Equal(ExitCode.Ok, run.Code);
        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal(FilePath, json.RootElement.GetProperty("file").GetString());
        var settings = json.RootElement.GetProperty("settings").EnumerateArray().ToDictionary(
            static each => each.GetProperty("name").GetString()!,
            static each => (each.GetProperty("value").GetString(), each.GetProperty("source").GetString()));
        Assert.Equal(("64", $"{FilePath}: max-connections"), settings["max-connections"]);
        Assert.Equal(("eu-1", "WARDER_NODE_NAME"), settings["node-name"]);
        Assert.DoesNotContain("hidden", run.Out + run.Error, StringComparison.Ordinal);
    }

    private ConfigurationFile Write(string text)
    {
        File.WriteAllText(FilePath, text);
        return ConfigurationFile.Read(FilePath);
    }
}
