using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client.Directory;

namespace Warder.Cli.Commands.Users;

/// <summary><c>warder users list</c></summary>
internal static class ListUsers
{
    public static Command Build(Shell shell)
    {
        var pages = new ListOptions();
        var email = Arguments.Text("--email", "With this e-mail address.", "ADDRESS");
        var organization = Arguments.Organization("Members of this organization.");
        var verb = new CliCommand(
            "list",
            "Lists users, newest first.",
            "warder users list --email ada@example.com",
            "warder users list --org org_… --all")
        {
            email, organization,
        };
        pages.AddTo(verb);
        return verb.Does(shell, call =>
        {
            var query = new UserQuery { Email = call.Parsed.GetValue(email), OrganizationId = call.Parsed.GetValue(organization) };
            return call.ListAsync(pages, query, call.Client.Users.ListAsync, UserView.Fields);
        });
    }
}
