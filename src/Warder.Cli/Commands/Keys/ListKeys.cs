using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client.Keys;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys list</c></summary>
internal static class ListKeys
{
    public static Command Build(Shell shell)
    {
        var pages = new ListOptions();
        var organization = Arguments.Organization("Of this organization, or of users in it.");
        var user = Arguments.Text("--user", "Of this user.", "ID");
        var status = Arguments.Text("--status", "In this status.", "active|suspended|owner_inactive|expired|revoked");
        status.AcceptOnlyFromAmong("active", "suspended", "owner_inactive", "expired", "revoked");
        var permission = Arguments.Text("--permission", "That were granted this.", "SLUG");
        var creator = Arguments.Text("--created-by", "That this management key issued.", "ID");
        var responsible = Arguments.Text("--responsible", "That this user answers for.", "ID");
        var expires = Arguments.Text("--expires-before", "That end before this: 2026-12-31, or 30d from now.", "TIME");
        var unused = Arguments.Text("--unused-since", "That were not used since: 2026-01-01, or 90d ago.", "TIME");
        var verb = new CliCommand(
            "list",
            "Lists keys of the environment, ended ones too, newest first.",
            "warder keys list --org org_… --status active",
            "warder keys list --unused-since 90d --all",
            "warder keys list --expires-before 30d --json")
        {
            organization, user, status, permission, creator, responsible, expires, unused,
        };
        pages.AddTo(verb);
        return verb.Does(shell, call =>
        {
            var query = new KeyQuery
            {
                OrganizationId = call.Parsed.GetValue(organization),
                UserId = call.Parsed.GetValue(user),
                Status = call.Parsed.GetValue(status),
                Permission = call.Parsed.GetValue(permission),
                CreatedBy = call.Parsed.GetValue(creator),
                ResponsibleUserId = call.Parsed.GetValue(responsible),
                ExpiresBefore = TimeText.Ahead(expires.Name, call.Parsed.GetValue(expires), shell.Now()),
                UnusedSince = TimeText.Ago(unused.Name, call.Parsed.GetValue(unused), shell.Now()),
            };
            return call.ListAsync(pages, query, call.Client.Keys.ListAsync, KeyView.Fields);
        });
    }
}
