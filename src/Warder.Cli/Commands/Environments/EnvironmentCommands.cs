using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Environments;

/// <summary><c>warder environments</c></summary>
internal static class EnvironmentCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "environments",
        "Environments: isolated worlds of data.",
        "warder environments create --name staging --key-prefix wdr_test",
        "warder environments list")
    {
        CreateEnvironment.Build(shell),
        ListEnvironments.Build(shell),
        ShowEnvironment.Build(shell),
        UpdateEnvironment.Build(shell),
    };
}
