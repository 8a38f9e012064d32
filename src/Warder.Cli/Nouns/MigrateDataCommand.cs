using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Shells;
using Warder.Engine.Hosting;
using Warder.Storage.Migrations;

namespace Warder.Cli.Nouns;

/// <summary><c>warder migrate-data</c></summary>
internal static class MigrateDataCommand
{
    public static Command Build(Shell shell)
    {
        var data = ServeCommand.DataOption();
        var database = DatabaseSource.Option();
        return new CliCommand(
            "migrate-data",
            "Moves the embedded database of a data directory that no server uses into PostgreSQL: keys, events, everything. "
                + "If it is interrupted, run it again.",
            "warder migrate-data --data /var/lib/warder --database-file /etc/warder/database")
        {
            data, database,
        }
        .Does(shell, call =>
        {
            var target = DatabaseSource.Find(shell, call.Get(database))
                ?? throw new UsageException($"Give the target: --database-file FILE, or {DatabaseSource.Variable}.");
            var report = OfflineData.Migrate(call.Get(data), target, progress => Show(shell, progress), call.Cancelled);
            if (shell.IsErrorTerminal)
                shell.Error.WriteLine();
            if (call.IsJson)
                shell.Out.WriteLine($$"""{"tables":{{report.Tables}},"rows":{{report.Rows}},"events":{{report.Events}}}""");
            else
                shell.Out.WriteLine($"Moved {report.Rows} rows of {report.Tables} tables, {report.Events} events among them. "
                    + "Every row was compared, and the chain holds. The old database was renamed to migrated.db.");
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static void Show(Shell shell, MigrationProgress progress)
    {
        if (shell.IsErrorTerminal)
            shell.Error.Write($"\r{(progress.IsCheck ? "compared" : "copied")} {progress.Table}: {progress.Rows} rows".PadRight(70));
    }
}
