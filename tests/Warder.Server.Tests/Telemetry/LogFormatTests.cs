using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Warder.Core.Time;
using Warder.Server.Telemetry;

namespace Warder.Server.Tests.Telemetry;

public sealed partial class LogFormatTests
{
    private static readonly KeyValuePair<string, object?>[] State =
        [new("NodeId", "node_1"), new("Count", 3L), new("{OriginalFormat}", "template")];

    [Fact]
    public void A_line_of_text_begins_with_its_time_in_utc_and_its_level()
        => Assert.Matches(
            TextLine(), LogFormat.Of("text", Clock.System).Line(LogLevel.Warning, "Warder.Engine", "it happened", State, null));

    [Fact]
    public void A_line_of_json_is_one_object_with_the_values_by_name()
    {
        var line = LogFormat.Of("json", Clock.System).Line(
            LogLevel.Error, "Warder.Engine", "it\nhappened", State, new InvalidOperationException("why"));
        Assert.DoesNotContain('\n', line);
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        Assert.Equal("error", root.GetProperty("level").GetString());
        Assert.Equal("Warder.Engine", root.GetProperty("category").GetString());
        Assert.Equal("it\nhappened", root.GetProperty("message").GetString());
        Assert.EndsWith("Z", root.GetProperty("time").GetString(), StringComparison.Ordinal);
        Assert.Contains("why", root.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.Equal("{\"node_id\":\"node_1\",\"count\":3}", root.GetProperty("fields").GetRawText());
    }

    [Fact]
    public void No_value_forges_a_line_or_steers_a_terminal()
    {
        var line = LogFormat.Of("text", Clock.System).Line(
            LogLevel.Information, "c", "a\r\nb\u001b[2J\u202e\u2028\u0085c", null, new InvalidOperationException("x\ny"));
        Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u202e' or '\u2028');
        Assert.Contains("\\u001b[2J\\u202e\\u2028\\u0085c", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_is_bounded()
        => Assert.All(
            (string[])["text", "json"],
            format => Assert.InRange(
                LogFormat.Of(format, Clock.System).Line(LogLevel.Error, "c", new string('x', 1 << 20), null, null).Length, 1, 20_000));

    [Fact]
    public void An_unknown_format_or_level_is_refused_by_its_name()
    {
        Assert.Contains("--log-format", Assert.Throws<ArgumentException>(() => LogFormat.Of("xml", Clock.System)).Message,
            StringComparison.Ordinal);
        var thrown = Assert.Throws<ArgumentException>(
            () => new LogLevels(new Dictionary<string, string> { ["Warder"] = "Loud" }).Build(new Dictionary<string, string>()));
        Assert.Contains("Warder: \"Loud\" is no level", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_wins_over_the_options_and_those_over_the_defaults()
    {
        var section = new LogLevels(new Dictionary<string, string> { ["Warder"] = "Debug", ["Microsoft"] = "Error" })
            .Build(new Dictionary<string, string> { ["Logging__LogLevel__Warder"] = "Trace" });
        Assert.Equal(
            ["Information", "Error", "Warning", "Trace"],
            ((string[])["Default", "Microsoft", "System", "Warder"]).Select(name => section["LogLevel:" + name]));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn     Warder\.Engine: it happened$")]
    private static partial Regex TextLine();
}
