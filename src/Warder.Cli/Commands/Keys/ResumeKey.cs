using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys resume</c></summary>
internal static class ResumeKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The key: api_key_…");
        return new CliCommand("resume", "Puts a suspended key back to work.", "warder keys resume api_key_…") { id }
            .Does(shell, async call => call.Show(
                KeyView.Fields, await call.Client.Keys.ResumeAsync(call.Parsed.GetValue(id)!, call.Cancelled)));
    }
}
