using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Environments;

/// <summary><c>warder environments show</c></summary>
internal static class ShowEnvironment
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The environment: environment_…");
        return new CliCommand("show", "Shows one environment.", "warder environments show environment_…") { id }
            .Does(shell, async call => call.Show(EnvironmentView.Fields, await call.Client.Environments.GetAsync(call.Parsed.GetValue(id)!, call.Cancelled)));
    }
}
