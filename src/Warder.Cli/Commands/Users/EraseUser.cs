using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Users;

/// <summary><c>warder users erase</c></summary>
internal static class EraseUser
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The deleted user: user_…");
        return new CliCommand(
            "erase",
            "Erases a deleted user's names and addresses from the records and the log.",
            "warder users erase user_…")
        {
            id,
        }
        .Does(shell, async call =>
        {
            return call.Show(UserView.ErasureFields, await call.Client.Users.EraseAsync(call.Parsed.GetValue(id)!, call.Cancelled));
        });
    }
}
