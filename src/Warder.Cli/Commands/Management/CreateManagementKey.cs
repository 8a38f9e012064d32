using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts.Management;
using Warder.Core.Secrets;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;

namespace Warder.Cli.Commands.Management;

/// <summary><c>warder management-keys create</c></summary>
internal static class CreateManagementKey
{
    public static Command Build(Shell shell)
    {
        var name = Arguments.Required("--name", "What people call it.");
        var rights = new Option<string[]>("--right") { Description = "What it may do; repeat for more.", HelpName = "RIGHT" };
        rights.CompletionSources.Add([.. RightNames.All]);
        var expires = Arguments.Text("--expires-at", "When it ends: 2026-12-31, or 90d from now. [default: never]", "TIME");
        var data = new Option<string?>("--data")
        {
            Description = "Makes a key with every right in this data directory, while no server uses it: for when the keys are lost.", HelpName = "DIR",
        };
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
            if (call.Parsed.GetValue(data) is { } directory)
            {
                return Recover(
                    shell, directory, DatabaseSource.Find(shell, call.Parsed.GetValue(database)), call.Parsed.GetValue(name)!,
                    RootKeySource.Find(shell, call.Parsed.GetValue(rootKey)));
            }

            if (call.Parsed.Many(rights) is not { Count: > 0 })
                throw new UsageException("--right is required: name what the key may do.");
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

    private static int Recover(Shell shell, string directory, SecretString? database, string name, string? rootKey)
    {
        Printer.Secret(shell, OfflineData.CreateManagementKey(directory, database, name, rootKey));
        return ExitCode.Ok;
    }
}
