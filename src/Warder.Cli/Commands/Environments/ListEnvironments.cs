using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client.Lists;

namespace Warder.Cli.Commands.Environments;

/// <summary><c>warder environments list</c></summary>
internal static class ListEnvironments
{
    public static Command Build(Shell shell)
    {
        var pages = new ListOptions();
        var verb = new CliCommand(
            "list",
            "Lists environments, newest first.",
            "warder environments list");
        pages.AddTo(verb);
        return verb.Does(shell, call =>
        {
            var query = new ListQuery();
            return call.ListAsync(pages, query, call.Client.Environments.ListAsync, EnvironmentView.Fields);
        });
    }
}
