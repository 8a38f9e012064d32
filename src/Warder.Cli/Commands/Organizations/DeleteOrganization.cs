using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Cli.Commands.Keys;

namespace Warder.Cli.Commands.Organizations;

/// <summary><c>warder organizations delete</c></summary>
internal static class DeleteOrganization
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The organization: org_…");
        var dryRun = Arguments.DryRun();
        return new CliCommand(
            "delete",
            "Deletes an organization and ends its keys and its members' keys for good.",
            "warder organizations delete org_…",
            "warder organizations delete org_… --dry-run")
        {
            id, dryRun,
        }
        .Does(shell, async call =>
        {
            var it = call.Parsed.GetValue(id)!;
            if (call.Parsed.GetValue(dryRun))
                return call.ShowDryRun(await call.Client.Organizations.PreviewDeleteAsync(it, call.Cancelled), KeyView.Fields);
            await call.Client.Organizations.DeleteAsync(it, call.Cancelled);
            return call.Done($"Deleted {it}.");
        });
    }
}
