using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys suspend</c></summary>
internal static class SuspendKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The key: api_key_…");
        var reason = Arguments.Text("--reason", "Why; up to 500 characters.");
        return new CliCommand(
            "suspend",
            "Stops the key until it is resumed: for an investigation.",
            "warder keys suspend api_key_… --reason \"odd traffic\"")
        {
            id, reason,
        }
        .Does(shell, async call => call.Show(
            KeyView.Fields, await call.Client.Keys.SuspendAsync(call.Parsed.GetValue(id)!, call.Parsed.GetValue(reason), call.Cancelled)));
    }
}
