using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Shells;

namespace Warder.Cli.Nouns;

/// <summary><c>warder health</c></summary>
internal static class HealthCommand
{
    public static Command Build(Shell shell) => new CliCommand(
        "health",
        "Checks whether the server is ready: exit code 0 if it is, 5 if it is not. Needs no key.",
        "warder health",
        "warder health --url https://warder.example.com")
        .Does(shell, async call =>
        {
            await call.Client.CheckReadyAsync(call.Cancelled);
            if (call.IsJson)
                call.PrintJson();
            return call.Done("Ready.");
        });
}
