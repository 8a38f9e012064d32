using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Imports;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client;
using Warder.Client.Keys;
using Warder.Contracts.Keys;

namespace Warder.Cli.Nouns;

/// <summary><c>warder keys</c></summary>
internal static class KeyCommands
{
    public static readonly IReadOnlyList<Field<ApiKey>> Fields =
    [
        new("id", key => key.Id, InList: true),
        new("name", key => key.Name, InList: true),
        new("status", key => key.Status, InList: true),
        new("key", key => key.ObfuscatedValue, InList: true),
        new("owner", key => Owner(key.Owner), InList: true),
        new("permissions", key => Shown.Many(key.Permissions), InList: true),
        new("effective_permissions", key => Shown.Many(key.EffectivePermissions)),
        new("last_used_at", key => Shown.Time(key.LastUsedAt), InList: true),
        new("expires_at", key => Shown.Time(key.ExpiresAt), InList: true),
        new("purpose", key => key.Purpose),
        new("responsible_user_id", key => key.ResponsibleUserId),
        new("created_by", key => key.CreatedBy),
        new("suspended_at", key => Shown.Time(key.SuspendedAt)),
        new("suspension_reason", key => key.SuspensionReason),
        new("revoked_at", key => Shown.Time(key.RevokedAt)),
        new("revocation_reason", key => key.RevocationReason),
        new("secrets", key => Shown.Secrets(key.Secrets)),
        new("created_at", key => Shown.Time(key.CreatedAt)),
        new("updated_at", key => Shown.Time(key.UpdatedAt)),
    ];

    private static readonly IReadOnlyList<Field<KeyDecision>> DecisionFields =
    [
        new("decision", answer => answer.IsAllowed ? "allow" : "deny"),
        new("code", answer => answer.Code),
        new("id", answer => answer.KeyId),
        new("name", answer => answer.Key?.Name),
        new("owner", answer => answer.Key is { } key ? Owner(key.Owner) : null),
        new("permissions", answer => answer.IsAllowed ? Shown.Many(answer.Permissions) : null),
        new("expires_at", answer => Shown.Time(answer.Key?.ExpiresAt)),
    ];

    public static Command Build(Shell shell)
    {
        var noun = new Noun<ApiKey>(shell, () => Arguments.Id("The key: api_key_…"), Fields);
        return new CliCommand(
            "keys",
            "API keys: issue, find, change, end, validate.",
            "warder keys create --org org_… --name Production --permission posts:read",
            "warder keys list --org org_…",
            "warder keys rotate api_key_… --overlap 3600")
        {
            Issue(shell),
            List(noun),
            noun.Show("Shows one key; never its secret.", "warder keys show api_key_…", client => client.Keys.GetAsync),
            Update(noun),
            Rotate(noun),
            noun.EndSecret("warder keys end-secret api_key_… secret_…", client => client.Keys.DeleteSecretAsync),
            Expire(shell),
            Revoke(noun),
            Suspend(noun),
            noun.On(
                "resume",
                "Resumes a suspended key.",
                ["warder keys resume api_key_…"],
                [],
                (call, id) => call.Client.Keys.ResumeAsync(id, call.Cancelled)),
            noun.Delete(
                "Ends the key for good and removes it from its owner's list. The record stays, revoked.",
                ["warder keys delete api_key_…", "warder keys delete api_key_… --dry-run"],
                client => client.Keys.DeleteAsync,
                client => client.Keys.PreviewDeleteAsync),
            Validate(shell),
            Import(shell),
        };
    }

    private static CliCommand Issue(Shell shell)
    {
        var name = Arguments.Required("--name", "The name that people see; 1 to 200 characters.");
        var organization = Arguments.RequiredOrganization("The owner; with --user, the organization in which the user holds the key.");
        var user = Arguments.Text("--user", "The owner, an active member of the organization.", "ID");
        var permissions = Arguments.Permissions("A permission of the key; repeat for more.");
        var expires = Arguments.Text("--expires-at", "Its end: 2026-12-31, or 90d from now. [default: never]", "TIME");
        var purpose = Arguments.Text("--purpose", "Its purpose; up to 500 characters.");
        var responsible = Arguments.Text("--responsible", "The user responsible for it.", "ID");
        var idempotency = Arguments.Text(
            "--idempotency-key", "Makes it safe to run the command again: for 24 hours, it shows the same key.");
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
            var owner = call.Get(user);
            var request = new IssueKeyRequest
            {
                Name = call.Get(name),
                OrganizationId = owner is null ? null : call.Get(organization),
                Permissions = call.Many(permissions),
                ExpiresAt = call.AheadOrNever(expires),
                Purpose = call.Get(purpose),
                ResponsibleUserId = call.Get(responsible),
            };
            var keys = call.Client.Keys;
            var issued = owner is null
                ? await keys.IssueForOrganizationAsync(call.Get(organization), request, call.Get(idempotency), call.Cancelled)
                : await keys.IssueForUserAsync(owner, request, call.Get(idempotency), call.Cancelled);
            return call.ShowIssued(Fields, issued.Key, issued.Value);
        });
    }

    private static CliCommand List(Noun<ApiKey> noun)
    {
        var organization = Arguments.Organization("Keys of this organization, or of users in it.");
        var user = Arguments.Text("--user", "Keys of this user.", "ID");
        var status = Arguments.Text("--status", "Keys in this status.", "active|suspended|owner_inactive|expired|revoked");
        status.AcceptOnlyFromAmong("active", "suspended", "owner_inactive", "expired", "revoked");
        var permission = Arguments.Text("--permission", "Keys that were granted this permission.", "SLUG");
        var creator = Arguments.Text("--created-by", "Keys that this management key issued.", "ID");
        var responsible = Arguments.Text("--responsible", "Keys that this user is responsible for.", "ID");
        var expires = Arguments.Text("--expires-before", "Keys that end before this time: 2026-12-31, or 30d from now.", "TIME");
        var unused = Arguments.Text(
            "--unused-since", "Keys from before this time, not used since: 2026-01-01, or 90d ago. Ended ones only with --status.", "TIME");
        return noun.List(
            "Lists keys of the environment, ended ones too, newest first.",
            [
                "warder keys list --org org_… --status active",
                "warder keys list --unused-since 90d --all",
                "warder keys list --expires-before 30d --json",
            ],
            [organization, user, status, permission, creator, responsible, expires, unused],
            call => new KeyQuery
            {
                OrganizationId = call.Get(organization),
                UserId = call.Get(user),
                Status = call.Get(status),
                Permission = call.Get(permission),
                CreatedBy = call.Get(creator),
                ResponsibleUserId = call.Get(responsible),
                ExpiresBefore = call.Ahead(expires),
                UnusedSince = call.Ago(unused),
            },
            client => client.Keys.ListAsync);
    }

    private static CliCommand Update(Noun<ApiKey> noun)
    {
        var name = Arguments.Text("--name", "The name that people see.");
        var permissions = Arguments.Permissions("Replaces the permissions of the key; repeat for more.");
        var none = Arguments.Flag("--no-permissions", "Removes all permissions of the key.");
        var purpose = Arguments.Text("--purpose", "Its purpose; \"\" clears it.");
        var responsible = Arguments.Text("--responsible", "The user responsible for it; \"\" clears it.", "ID");
        var expires = Arguments.Text("--expires-at", "Its end: 2026-12-31, 90d from now, or never.", "TIME");
        return noun.Update(
            "Changes the given fields, and leaves the rest.",
            ["warder keys update api_key_… --permission posts:read", "warder keys update api_key_… --expires-at never --purpose \"\""],
            [name, permissions, none, purpose, responsible, expires],
            call =>
            {
                var granted = call.PatchMany(permissions);
                if (granted.IsPresent && call.Get(none))
                    throw new UsageException("--permission and --no-permissions exclude each other.");
                return new UpdateKeyRequest
                {
                    Name = call.PatchRequired(name),
                    Permissions = call.Get(none) ? new(IsPresent: true, []) : granted,
                    Purpose = call.Patch(purpose),
                    ResponsibleUserId = call.Patch(responsible),
                    ExpiresAt = call.PatchTime(expires),
                };
            },
            client => client.Keys.UpdateAsync);
    }

    private static CliCommand Rotate(Noun<ApiKey> noun)
    {
        var overlap = Arguments.Overlap();
        var expires = Arguments.Text("--expires-at", "The key's new end: 2026-12-31, 90d from now, or never. [default: as it is]", "TIME");
        string[] examples = ["warder keys rotate api_key_…", "warder keys rotate api_key_… --overlap 0"];
        return noun.Rotate(examples, [overlap, expires], async (call, id) =>
        {
            var request = new RotateKeyRequest { OverlapSeconds = call.Get(overlap), ExpiresAt = call.PatchTime(expires) };
            var issued = await call.Client.Keys.RotateAsync(id, request, cancellationToken: call.Cancelled);
            return (issued.Key, issued.Value);
        });
    }

    private static CliCommand Expire(Shell shell)
    {
        var id = Arguments.Id("The key: api_key_…");
        var at = Arguments.Text(
            "--at", "The end: 2026-12-31, 30d from now, or never, which clears a scheduled end. [default: now]", "TIME");
        var dryRun = Arguments.DryRun();
        return new CliCommand(
            "expire",
            "Ends the key now, or schedules its end.",
            "warder keys expire api_key_…",
            "warder keys expire api_key_… --at 30d",
            "warder keys expire api_key_… --dry-run")
        {
            id, at, dryRun,
        }
        .Does(shell, async call =>
        {
            var (key, isNow) = (call.Get(id), call.Get(at) is null);
            if (call.Get(dryRun))
            {
                return isNow
                    ? call.ShowDryRun(await call.Client.Keys.PreviewExpireAsync(key, call.Cancelled), Fields)
                    : throw new UsageException("--dry-run previews an end now: omit --at.");
            }

            return call.Show(Fields, isNow
                ? await call.Client.Keys.ExpireAsync(key, call.Cancelled)
                : await call.Client.Keys.ExpireAsync(key, call.PatchTime(at).Value, call.Cancelled));
        });
    }

    private static CliCommand Revoke(Noun<ApiKey> noun)
    {
        var reason = Arguments.Reason();
        return noun.On(
            "revoke",
            "Ends the key for good. When the command returns, the key is refused everywhere.",
            ["warder keys revoke api_key_… --reason leaked", "warder keys revoke api_key_… --dry-run"],
            [reason],
            (call, id) => call.Client.Keys.RevokeAsync(id, call.Get(reason), call.Cancelled),
            client => client.Keys.PreviewRevokeAsync);
    }

    private static CliCommand Suspend(Noun<ApiKey> noun)
    {
        var reason = Arguments.Reason();
        return noun.On(
            "suspend",
            "Stops the key until it is resumed: for an investigation.",
            ["warder keys suspend api_key_… --reason \"odd traffic\""],
            [reason],
            (call, id) => call.Client.Keys.SuspendAsync(id, call.Get(reason), call.Cancelled));
    }

    private static CliCommand Validate(Shell shell)
    {
        var value = new Option<string>("--value-file")
        {
            Description = "The file that holds the key's secret, or - for standard input.",
            HelpName = "FILE|-",
            DefaultValueFactory = _ => "-",
        };
        var permissions = Arguments.Permissions("A permission that the key must have; repeat for more.");
        var atLeast = Arguments.Number<long>("--at-least", "Answer from a state that includes the event of this sequence number.");
        return new CliCommand(
            "validate",
            "Validates a key: exit code 0 if it is allowed, 1 if it is denied. The secret is read from a file or standard input.",
            "warder keys validate < secret.txt",
            "warder keys validate --value-file secret.txt --permission posts:read")
        {
            value, permissions, atLeast,
        }
        .Does(shell, async call =>
        {
            var source = call.Get(value);
            if (source == "-" && call.Parsed.GetValue<string?>(GlobalOptions.KeyFile) == "-")
                throw new UsageException("--value-file and --key-file cannot both be standard input: put one in a file.");
            // The management key is read before the secret is.
            var keys = call.Client.Keys;
            var answer = await keys.ValidateAsync(
                SecretSource.Read(shell, source), call.Many(permissions), call.Get(atLeast), call.Cancelled);
            call.Show(DecisionFields, answer);
            return answer.IsAllowed ? ExitCode.Ok : ExitCode.Refused;
        });
    }

    private static CliCommand Import(Shell shell)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "JSON lines, or one JSON array, or - for standard input; each {value_sha256, last_four, owner: {type, id, "
                + "organization_id?}, name, permissions?, expires_at?, purpose?, responsible_user_id?}.",
        };
        var prefix = Arguments.Required("--prefix", "The prefix of the values: 1 to 32 of A-Za-z0-9_-.");
        var length = Arguments.Number("--length", "The number of characters after the prefix.");
        length.Required = true;
        var alphabet = Arguments.Required("--alphabet", "The alphabet of these characters.", "hex|base32|base62|base64url");
        alphabet.AcceptOnlyFromAmong("hex", "base32", "base62", "base64url");
        return new CliCommand(
            "import",
            "Imports keys that another system issued, by the SHA-256 of their values: all, or none if the server refuses one. "
                + "Can be run again: keys that are already present are skipped.",
            "warder keys import keys.jsonl --prefix sk_live_ --length 32 --alphabet base62",
            "jq -c '.keys[]' export.json | warder keys import - --prefix sk_ --length 40 --alphabet hex")
        {
            file, prefix, length, alphabet,
        }
        .Does(shell, async call =>
        {
            var path = call.Get(file);
            if (path == "-" && call.Parsed.GetValue<string?>(GlobalOptions.KeyFile) == "-")
                throw new UsageException("FILE and --key-file cannot both be standard input: put one in a file.");
            var scheme = new ImportScheme(call.Get(prefix), call.Get(length)!.Value, call.Get(alphabet));
            var run = new ImportRun(call.Client.Keys, scheme, shell);
            await using var source = await ImportSource.OpenAsync(shell, path, call.Cancelled);
            await run.CheckAsync(source.ReadAsync(call.Cancelled), call.Cancelled);
            await run.RunAsync(source.ReadAsync(call.Cancelled), call.Cancelled);
            if (call.IsJson)
                shell.Out.WriteLine($$"""{"imported":{{run.Imported}},"skipped":{{run.Skipped}}}""");
            return call.Done($"Imported {run.Imported}, skipped {run.Skipped} that were already present.");
        });
    }

    private static string Owner(KeyOwner owner) => owner.OrganizationId is { } organization ? $"{owner.Id} in {organization}" : owner.Id;
}
