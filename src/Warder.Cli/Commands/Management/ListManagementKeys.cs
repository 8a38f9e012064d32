using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client.Lists;

namespace Warder.Cli.Commands.Management;

/// <summary><c>warder management-keys list</c></summary>
internal static class ListManagementKeys
{
    public static Command Build(Shell shell)
    {
        var pages = new ListOptions();
        var verb = new CliCommand(
            "list",
            "Lists management keys, newest first.",
            "warder management-keys list");
        pages.AddTo(verb);
        return verb.Does(shell, call =>
        {
            var query = new ListQuery();
            return call.ListAsync(pages, query, call.Client.ManagementKeys.ListAsync, ManagementKeyView.Fields);
        });
    }
}
