using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Shells;
using Warder.Engine.Hosting;

namespace Warder.Cli.Nouns;

/// <summary><c>warder root-key</c></summary>
internal static class RootKeyCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "root-key",
        "The root key: the secret outside the database from which the keys that encrypt and authenticate its data are derived.",
        "warder root-key rotate --data /var/lib/warder")
    {
        Rotate(shell),
    };

    private static CliCommand Rotate(Shell shell)
    {
        var data = ServeCommand.DataOption();
        var database = DatabaseSource.Option();
        var rootKey = RootKeySource.Option();
        return new CliCommand(
            "rotate",
            "Replaces the root key, while no server uses the data directory. Can be repeated if it was interrupted.",
            "warder root-key rotate",
            "WARDER_ROOT_KEY_FILE=/etc/warder/root-key warder root-key rotate --data /var/lib/warder")
        {
            data, database, rootKey,
        }
        .Does(shell, call =>
        {
            var source = DatabaseSource.Find(shell, call.Get(database));
            OfflineData.RotateRootKey(call.Get(data), source, RootKeySource.Find(shell, call.Get(rootKey)));
            return Task.FromResult(call.Done("The root key was replaced. Copies of the old one are useless now: back up the new one."));
        });
    }
}
