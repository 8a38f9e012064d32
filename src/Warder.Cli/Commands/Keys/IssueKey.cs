using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Keys;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys create</c></summary>
internal static class IssueKey
{
    public static Command Build(Shell shell)
    {
        var name = Arguments.Required("--name", "What people call it; 1 to 200 characters.");
        var organization = new Option<string>("--organization", "--org")
        {
            Description = "The owner; with --user, the organization in which the user holds the key.",
            HelpName = "ID",
            Required = true,
        };
        var user = Arguments.Text("--user", "The owner, an active member of the organization.", "ID");
        var permissions = Arguments.Permissions("What it may do; repeat for more.");
        var expires = Arguments.Text("--expires-at", "When it ends: 2026-12-31, or 90d from now. [default: never]", "TIME");
        var purpose = Arguments.Text("--purpose", "What it is for; up to 500 characters.");
        var responsible = Arguments.Text("--responsible", "The user who answers for it.", "ID");
        var idempotency = Arguments.Text("--idempotency-key", "Makes it safe to run this again: the same key is shown again, for 24 hours.");
        return new CliCommand(
            "create",
            "Issues a key and shows its secret, this once.",
            "warder keys create --org org_… --name Production --permission posts:read --permission posts:write",
            "warder keys create --org org_… --user user_… --name laptop --expires-at 90d",
            "warder keys create --org org_… --name ci --json | jq -r .value | vault kv put secret/ci key=-")
        {
            organization, user, name, permissions, expires, purpose, responsible, idempotency,
        }
        .Does(shell, async call =>
        {
            var owner = call.Parsed.GetValue(user);
            var request = new IssueKeyRequest
            {
                Name = call.Parsed.GetValue(name)!,
                OrganizationId = owner is null ? null : call.Parsed.GetValue(organization),
                Permissions = call.Parsed.Many(permissions),
                ExpiresAt = TimeText.Ahead(expires.Name, call.Parsed.GetValue(expires), shell.Now()),
                Purpose = call.Parsed.GetValue(purpose),
                ResponsibleUserId = call.Parsed.GetValue(responsible),
            };
            var keys = call.Client.Keys;
            var again = call.Parsed.GetValue(idempotency);
            var issued = owner is null
                ? await keys.IssueForOrganizationAsync(call.Parsed.GetValue(organization)!, request, again, call.Cancelled)
                : await keys.IssueForUserAsync(owner, request, again, call.Cancelled);
            return call.ShowIssued(KeyView.Fields, issued.Key, issued.Value);
        });
    }
}
