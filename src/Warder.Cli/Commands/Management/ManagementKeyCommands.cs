using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Management;

/// <summary><c>warder management-keys</c></summary>
internal static class ManagementKeyCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "management-keys",
        "Management keys: keys with rights over Warder itself.",
        "warder management-keys create --name gateway --right keys:validate",
        "warder management-keys list")
    {
        CreateManagementKey.Build(shell),
        ListManagementKeys.Build(shell),
        ShowManagementKey.Build(shell),
        UpdateManagementKey.Build(shell),
        RotateManagementKey.Build(shell),
        RevokeManagementKey.Build(shell),
        DeleteManagementKey.Build(shell),
    };
}
