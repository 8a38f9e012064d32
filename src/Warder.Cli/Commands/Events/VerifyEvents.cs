using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Cli.Commands.Serve;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;

namespace Warder.Cli.Commands.Events;

/// <summary><c>warder events verify</c></summary>
internal static class VerifyEvents
{
    public static Command Build(Shell shell)
    {
        var data = ServeCommand.DataOption();
        var database = DatabaseSource.Option();
        var rootKey = RootKeySource.Option();
        return new CliCommand(
            "verify",
            "Verifies the whole log of a data directory that no server uses: no gap, every hash of the chain, every personal value; with the root key, that it was not written anew.",
            "warder events verify --data /var/lib/warder")
        {
            data, database, rootKey,
        }
        .Does(shell, call =>
        {
            var report = OfflineData.VerifyLog(call.Parsed.GetValue(data)!, DatabaseSource.Find(shell, call.Parsed.GetValue(database)), RootKeySource.Find(shell, call.Parsed.GetValue(rootKey)));
            var good = report.Problem is null;
            if (call.IsJson)
                shell.WriteJson($$"""{"verified":{{(good ? "true" : "false")}},"events":{{report.Events}},"batches":{{report.Batches}},"authenticated":{{report.Authenticated?.ToString(CultureInfo.InvariantCulture) ?? "null"}},"problem":{{(good ? "null" : $"\"{JsonEncodedText.Encode(report.Problem!)}\"")}}}""");
            else if (good)
                shell.Out.WriteLine($"{report.Events} events in {report.Batches} batches: the chain holds" + (report.Authenticated is { } last
                    ? $", and is under MACs of the root key up to event {last}."
                    : ". Whether it was written anew was not checked: there is no root key here, or no MAC yet."));
            else
                shell.Error.WriteLine($"warder: the log does not verify after {report.Events} events: {Printable.From(report.Problem)}");
            return Task.FromResult(good ? ExitCode.Ok : ExitCode.Refused);
        });
    }
}
