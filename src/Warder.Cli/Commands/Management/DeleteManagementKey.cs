using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Management;

/// <summary><c>warder management-keys delete</c></summary>
internal static class DeleteManagementKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The management key: management_key_…");
        return new CliCommand(
            "delete",
            "Ends the management key for good.",
            "warder management-keys delete management_key_…")
        {
            id,
        }
        .Does(shell, async call =>
        {
            var it = call.Parsed.GetValue(id)!;
            await call.Client.ManagementKeys.DeleteAsync(it, call.Cancelled);
            return call.Done($"Deleted {it}.");
        });
    }
}
