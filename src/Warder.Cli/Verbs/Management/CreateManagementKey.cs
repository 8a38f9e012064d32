using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Management;

namespace Warder.Cli.Verbs.Management;

/// <summary><c>warder management-keys create</c></summary>
internal static class CreateManagementKey
{
    public static Command Build(Shell shell)
    {
        var name = Arguments.Required("--name", "What people call it.");
        var rights = new Option<string[]>("--right") { Description = "What it may do; repeat for more.", HelpName = "RIGHT", Required = true };
        rights.CompletionSources.Add([.. RightNames.All]);
        var expires = Arguments.Text("--expires-at", "When it ends: 2026-12-31, or 90d from now. [default: never]", "TIME");
        return new Verb(
            "create",
            "Issues a management key and shows its secret, this once.",
            "warder management-keys create --name gateway --right keys:validate",
            "warder management-keys create --name deploy --right keys:read --right keys:write --expires-at 90d")
        {
            name, rights, expires,
        }
        .Does(shell, async call =>
        {
            var request = new CreateManagementKeyRequest
            {
                Name = call.Parsed.GetValue(name)!,
                Rights = call.Parsed.GetValue(rights)!,
                ExpiresAt = TimeText.Ahead(expires.Name, call.Parsed.GetValue(expires), shell.Now()),
            };
            var issued = await call.Client.ManagementKeys.CreateAsync(request, cancellationToken: call.Cancelled);
            return call.ShowIssued(ManagementKeyView.Fields, issued.Key, issued.Value);
        });
    }
}
