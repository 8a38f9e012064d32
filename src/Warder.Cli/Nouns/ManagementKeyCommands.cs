using System.CommandLine;
using System.Text.Json.Nodes;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts.Keys;
using Warder.Contracts.Management;
using Warder.Engine.Hosting;

namespace Warder.Cli.Nouns;

/// <summary><c>warder management-keys</c></summary>
internal static class ManagementKeyCommands
{
    private static readonly IReadOnlyList<Field<ManagementKey>> Fields =
    [
        new("id", key => key.Id, InList: true),
        new("name", key => key.Name, InList: true),
        new("status", key => key.Status, InList: true),
        new("key", key => key.ObfuscatedValue, InList: true),
        new("rights", key => Shown.Many(key.Rights), InList: true),
        new("environment_id", key => key.EnvironmentId),
        new("last_used_at", key => Shown.Time(key.LastUsedAt), InList: true),
        new("expires_at", key => Shown.Time(key.ExpiresAt), InList: true),
        new("created_by", key => key.CreatedBy),
        new("revoked_at", key => Shown.Time(key.RevokedAt)),
        new("secrets", key => Shown.Secrets(key.Secrets)),
        new("created_at", key => Shown.Time(key.CreatedAt)),
        new("updated_at", key => Shown.Time(key.UpdatedAt)),
    ];

    public static Command Build(Shell shell)
    {
        var noun = new Noun<ManagementKey>(shell, () => Arguments.Id("The management key: management_key_…"), Fields);
        return new CliCommand(
            "management-keys",
            "Management keys: keys with rights over Warder itself.",
            "warder management-keys create --name gateway --right keys:validate",
            "warder management-keys list")
        {
            Create(shell),
            noun.List("Lists management keys, newest first.", ["warder management-keys list"], client => client.ManagementKeys.ListAsync),
            noun.Show(
                "Shows one management key; never its secret.",
                "warder management-keys show management_key_…",
                client => client.ManagementKeys.GetAsync),
            Update(noun),
            Rotate(noun),
            noun.EndSecret(
                "warder management-keys end-secret management_key_… secret_…", client => client.ManagementKeys.DeleteSecretAsync),
            Revoke(noun),
            noun.Delete(
                "Ends the management key for good.",
                ["warder management-keys delete management_key_…"],
                client => client.ManagementKeys.DeleteAsync),
        };
    }

    private static CliCommand Create(Shell shell)
    {
        var name = Arguments.Required("--name", "The name that people see.");
        var rights = Rights("A right of the key; repeat for more.");
        var expires = Arguments.Text("--expires-at", "Its end: 2026-12-31, or 90d from now. [default: never]", "TIME");
        var data = Arguments.Text(
            "--data",
            "Makes a key with every right in this data directory, while no server uses it: for use when all keys are lost.",
            "DIR");
        var database = DatabaseSource.Option();
        var rootKey = RootKeySource.Option();
        return new CliCommand(
            "create",
            "Issues a management key and shows its secret, this once.",
            "warder management-keys create --name gateway --right keys:validate",
            "warder management-keys create --name deploy --right keys:read --right keys:write --expires-at 90d",
            "warder management-keys create --name recovered --data /var/lib/warder")
        {
            name, rights, expires, data, database, rootKey,
        }
        .Does(shell, async call =>
        {
            if (call.Get(data) is { } directory)
            {
                var source = DatabaseSource.Find(shell, call.Get(database));
                var key = OfflineData.CreateManagementKey(
                    directory, source, call.Get(name), RootKeySource.Find(shell, call.Get(rootKey)));
                if (call.IsJson)
                {
                    call.Print(new JsonObject
                    {
                        ["object"] = "management_key", ["name"] = call.Get(name), ["value"] = key.Reveal(),
                    });
                }
                else
                {
                    Printer.Secret(shell, key);
                }

                return ExitCode.Ok;
            }

            if (call.Many(rights) is not { Count: > 0 } granted)
                throw new UsageException("--right is required: give the key at least one right.");
            var request = new CreateManagementKeyRequest
            {
                Name = call.Get(name), Rights = granted, ExpiresAt = call.AheadOrNever(expires),
            };
            var issued = await call.Client.ManagementKeys.CreateAsync(request, cancellationToken: call.Cancelled);
            return call.ShowIssued(Fields, issued.Key, issued.Value);
        });
    }

    private static CliCommand Update(Noun<ManagementKey> noun)
    {
        var name = Arguments.Text("--name", "The name that people see.");
        var rights = Rights("Replaces the rights of the key; repeat for more.");
        var expires = Arguments.Text("--expires-at", "Its end: 2026-12-31, 90d from now, or never.", "TIME");
        return noun.Update(
            "Changes the given fields, and leaves the rest.",
            [
                "warder management-keys update management_key_… --right keys:read",
                "warder management-keys update management_key_… --expires-at never",
            ],
            [name, rights, expires],
            call => new UpdateManagementKeyRequest
            {
                Name = call.PatchRequired(name), Rights = call.PatchMany(rights), ExpiresAt = call.PatchTime(expires),
            },
            client => client.ManagementKeys.UpdateAsync);
    }

    private static CliCommand Rotate(Noun<ManagementKey> noun)
    {
        var overlap = Arguments.Overlap();
        return noun.Rotate(["warder management-keys rotate management_key_… --overlap 3600"], [overlap], async (call, id) =>
        {
            var request = new RotateKeyRequest { OverlapSeconds = call.Get(overlap) };
            var issued = await call.Client.ManagementKeys.RotateAsync(id, request, cancellationToken: call.Cancelled);
            return (issued.Key, issued.Value);
        });
    }

    private static CliCommand Revoke(Noun<ManagementKey> noun)
    {
        var reason = Arguments.Reason();
        return noun.On(
            "revoke",
            "Ends the management key for good.",
            ["warder management-keys revoke management_key_… --reason leaked"],
            [reason],
            (call, id) => call.Client.ManagementKeys.RevokeAsync(id, call.Get(reason), call.Cancelled));
    }

    private static Option<string[]> Rights(string description)
    {
        var rights = Arguments.Repeated("--right", description, "RIGHT");
        rights.CompletionSources.Add([.. RightNames.All]);
        return rights;
    }
}
