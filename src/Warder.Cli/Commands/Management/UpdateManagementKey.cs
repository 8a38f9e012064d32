using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Json;
using Warder.Contracts.Management;

namespace Warder.Cli.Commands.Management;

/// <summary><c>warder management-keys update</c></summary>
internal static class UpdateManagementKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The management key: management_key_…");
        var name = Arguments.Text("--name", "What people call it.");
        var rights = new Option<string[]>("--right") { Description = "Replaces what it may do; repeat for more.", HelpName = "RIGHT" };
        rights.CompletionSources.Add([.. RightNames.All]);
        var expires = Arguments.Text("--expires-at", "When it ends: 2026-12-31, 90d from now, or never.", "TIME");
        return new CliCommand(
            "update",
            "Changes what is named, and leaves the rest.",
            "warder management-keys update management_key_… --right keys:read",
            "warder management-keys update management_key_… --expires-at never")
        {
            id, name, rights, expires,
        }
        .Does(shell, async call =>
        {
            var granted = call.Parsed.Many(rights);
            var expiry = call.Parsed.GetValue(expires);
            var request = new UpdateManagementKeyRequest
            {
                Name = call.Parsed.PatchRequired(name),
                Rights = granted is null ? default : new(IsPresent: true, granted),
                ExpiresAt = expiry is null
                    ? default
                    : new Optional<DateTimeOffset?>(IsPresent: true, TimeText.AheadOrNever(expires.Name, expiry, shell.Now())),
            };
            if (request == new UpdateManagementKeyRequest())
                throw new UsageException("Nothing to change: name at least one of --name, --right, --expires-at.");
            return call.Show(
                ManagementKeyView.Fields, await call.Client.ManagementKeys.UpdateAsync(call.Parsed.GetValue(id)!, request, call.Cancelled));
        });
    }
}
