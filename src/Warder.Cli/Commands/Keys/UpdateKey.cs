using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Json;
using Warder.Contracts.Keys;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys update</c></summary>
internal static class UpdateKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The key: api_key_…");
        var name = Arguments.Text("--name", "What people call it.");
        var permissions = Arguments.Permissions("Replaces what it may do; repeat for more.");
        var none = new Option<bool>("--no-permissions") { Description = "Takes all that it may do." };
        var purpose = Arguments.Text("--purpose", "What it is for; \"\" clears it.");
        var responsible = Arguments.Text("--responsible", "The user who answers for it; \"\" clears it.", "ID");
        var expires = Arguments.Text("--expires-at", "When it ends: 2026-12-31, 90d from now, or never.", "TIME");
        return new CliCommand(
            "update",
            "Changes what is named, and leaves the rest.",
            "warder keys update api_key_… --permission posts:read",
            "warder keys update api_key_… --expires-at never --purpose \"\"")
        {
            id, name, permissions, none, purpose, responsible, expires,
        }
        .Does(shell, async call =>
        {
            var granted = call.Parsed.Many(permissions);
            if (granted is not null && call.Parsed.GetValue(none))
                throw new UsageException("--permission and --no-permissions exclude each other.");
            if (call.Parsed.GetValue(none))
                granted = [];
            var expiry = call.Parsed.GetValue(expires);
            var request = new UpdateKeyRequest
            {
                Name = call.Parsed.PatchRequired(name),
                Permissions = granted is null ? default : new(IsPresent: true, granted),
                Purpose = call.Parsed.Patch(purpose),
                ResponsibleUserId = call.Parsed.Patch(responsible),
                ExpiresAt = expiry is null
                    ? default
                    : new Optional<DateTimeOffset?>(IsPresent: true, TimeText.AheadOrNever(expires.Name, expiry, shell.Now())),
            };
            if (request == new UpdateKeyRequest())
                throw new UsageException("Nothing to change: name at least one of --name, --permission, --no-permissions, --purpose, --responsible, --expires-at.");
            return call.Show(KeyView.Fields, await call.Client.Keys.UpdateAsync(call.Parsed.GetValue(id)!, request, call.Cancelled));
        });
    }
}
