using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Users;

/// <summary><c>warder users show</c></summary>
internal static class ShowUser
{
    public static Command Build(Shell shell)
    {
        var id = new Argument<string?>("ID") { Description = "The user: user_…", Arity = ArgumentArity.ZeroOrOne };
        var external = Arguments.Text("--external-id", "Your own id for the user, in place of ID.", "ID");
        return new CliCommand(
            "show",
            "Shows one user.",
            "warder users show user_…",
            "warder users show --external-id 42")
        {
            id, external,
        }
        .Does(shell, async call =>
        {
            var (byId, byExternalId) = (call.Parsed.GetValue(id), call.Parsed.GetValue(external));
            if (byId is null == byExternalId is null)
                throw new UsageException("Say which: ID, or --external-id.");
            return call.Show(
                UserView.Fields,
                byId is not null
                    ? await call.Client.Users.GetAsync(byId, call.Cancelled)
                    : await call.Client.Users.GetByExternalIdAsync(byExternalId!, call.Cancelled));
        });
    }
}
