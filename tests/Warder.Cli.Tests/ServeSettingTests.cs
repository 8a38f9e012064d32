using Warder.Server.Configuration;
using Warder.Server.Hosting;

namespace Warder.Cli.Tests;

public sealed class ServeSettingTests
{
    [Fact]
    public void A_flag_wins_over_the_environment()
    {
        var options = Options(
            new() { ["listen"] = ["http://127.0.0.1:1"] }, new() { ["WARDER_LISTEN"] = "http://127.0.0.1:2", ["WARDER_DATA"] = "/d" });
        Assert.Equal("http://127.0.0.1:1", options.Listen);
        Assert.Equal("/d", options.DataDirectory);
    }

    [Fact]
    public void Every_setting_can_be_given_by_its_flag_and_by_its_variable()
        => Assert.All(ServeSettings.All, setting =>
        {
            string[] values = setting.Kind switch { SettingKind.Number => ["7"], SettingKind.Flag => ["true"], _ => ["one"] };
            var expected = Assert.Single(ServeSettings.Resolve(each => each == setting ? values : null, static _ => null));
            Assert.Equal(setting.Flag, expected.Source);
            var variable = Assert.Single(ServeSettings.Resolve(static _ => null, name => name == setting.Variable ? values[0] : null));
            Assert.Equal(expected.Values, variable.Values);
            Assert.NotEqual(new ServeOptions(), ServeSettings.ToOptions([variable]));
        });

    [Fact]
    public void Names_of_settings_and_of_their_variables_are_unique()
    {
        Assert.Distinct(ServeSettings.All.Select(static each => each.Name));
        Assert.Distinct(ServeSettings.All.Select(static each => each.Variable));
    }

    [Fact]
    public void A_variable_holds_several_values_between_commas()
        => Assert.Equal(["10.0.0.0/8", "::1"], Options([], new() { ["WARDER_TRUSTED_PROXY"] = "10.0.0.0/8, ::1" }).TrustedProxies);

    [Theory]
    [InlineData("WARDER_MAX_CONNECTIONS", "many", "WARDER_MAX_CONNECTIONS: \"many\" is not a whole number.")]
    [InlineData("WARDER_INSECURE", "yes", "WARDER_INSECURE: \"yes\" is neither true nor false.")]
    [InlineData("WARDER_DATABASE_FILE", "/x", "WARDER_DATABASE_FILE and WARDER_DATABASE are both given: leave one of them out.")]
    public async Task A_variable_that_fits_no_setting_is_refused_by_its_name(string variable, string value, string message)
    {
        var run = await Run.OfAsync(
            new() { [variable] = value, ["WARDER_DATABASE"] = "postgresql://u:hidden@127.0.0.1:1/d" }, "", isTerminal: false, "serve");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flag_that_is_no_number_is_refused_by_its_name()
    {
        var run = await Run.OfAsync([], "", isTerminal: false, "serve", "--max-connections", "-1");
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("--max-connections: \"-1\" is not a whole number.", run.Error, StringComparison.Ordinal);
    }

    private static ServeOptions Options(Dictionary<string, string[]> flags, Dictionary<string, string> variables)
        => ServeSettings.ToOptions(
            ServeSettings.Resolve(setting => flags.GetValueOrDefault(setting.Name), variables.GetValueOrDefault));
}
