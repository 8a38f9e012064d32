using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client.Directory;

namespace Warder.Cli.Commands.Organizations;

/// <summary><c>warder organizations list</c></summary>
internal static class ListOrganizations
{
    public static Command Build(Shell shell)
    {
        var pages = new ListOptions();
        var search = Arguments.Text("--search", "Whose name contains this.");
        var verb = new CliCommand(
            "list",
            "Lists organizations, newest first.",
            "warder organizations list",
            "warder orgs list --search acme --all")
        {
            search,
        };
        pages.AddTo(verb);
        return verb.Does(shell, call =>
        {
            var query = new OrganizationQuery { Search = call.Parsed.GetValue(search) };
            return call.ListAsync(pages, query, call.Client.Organizations.ListAsync, OrganizationView.Fields);
        });
    }
}
