using System.CommandLine;
using System.Text.Json;
using Warder.Cli.Shells;
using Warder.Cli.Verbs.Serve;
using Warder.Server.Hosting;

namespace Warder.Cli.Verbs.Events;

/// <summary><c>warder events verify</c></summary>
internal static class VerifyEvents
{
    public static Command Build(Shell shell)
    {
        var data = ServeVerb.DataOption();
        var database = DatabaseSource.Option();
        return new Verb(
            "verify",
            "Verifies the whole log of a data directory that no server uses: no gap, every hash of the chain, every personal value.",
            "warder events verify --data /var/lib/warder")
        {
            data, database,
        }
        .Does(shell, call =>
        {
            var report = OfflineData.VerifyLog(call.Parsed.GetValue(data)!, DatabaseSource.Find(shell, call.Parsed.GetValue(database)));
            var good = report.Problem is null;
            if (call.IsJson)
                shell.Out.WriteLine($$"""{"verified":{{(good ? "true" : "false")}},"events":{{report.Events}},"batches":{{report.Batches}},"problem":{{(good ? "null" : $"\"{JsonEncodedText.Encode(report.Problem!)}\"")}}}""");
            else if (good)
                shell.Out.WriteLine($"{report.Events} events in {report.Batches} batches: the chain holds.");
            else
                shell.Error.WriteLine($"warder: the log does not verify after {report.Events} events: {report.Problem}");
            return Task.FromResult(good ? ExitCode.Ok : ExitCode.Refused);
        });
    }
}
