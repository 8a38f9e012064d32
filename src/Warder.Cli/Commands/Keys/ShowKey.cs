using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys show</c></summary>
internal static class ShowKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The key: api_key_…");
        return new CliCommand("show", "Shows one key; never its secret.", "warder keys show api_key_…") { id }
            .Does(shell, async call => call.Show(KeyView.Fields, await call.Client.Keys.GetAsync(call.Parsed.GetValue(id)!, call.Cancelled)));
    }
}
