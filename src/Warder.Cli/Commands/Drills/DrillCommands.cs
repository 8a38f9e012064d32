using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Drills;

/// <summary><c>warder drill</c></summary>
internal static class DrillCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "drill",
        "Tries out, on what really runs, what you rely on.",
        "warder drill revocation")
    {
        DrillRevocation.Build(shell),
    };
}
