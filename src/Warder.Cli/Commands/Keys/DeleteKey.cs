using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys delete</c></summary>
internal static class DeleteKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The key: api_key_…");
        var dryRun = Arguments.DryRun();
        return new CliCommand(
            "delete",
            "Ends the key for good and takes it out of its owner's list. The record stays, revoked.",
            "warder keys delete api_key_…",
            "warder keys delete api_key_… --dry-run")
        {
            id, dryRun,
        }
        .Does(shell, async call =>
        {
            var key = call.Parsed.GetValue(id)!;
            if (call.Parsed.GetValue(dryRun))
                return call.ShowDryRun(await call.Client.Keys.PreviewDeleteAsync(key, call.Cancelled), KeyView.Fields);
            await call.Client.Keys.DeleteAsync(key, call.Cancelled);
            return call.Done($"Deleted {key}.");
        });
    }
}
