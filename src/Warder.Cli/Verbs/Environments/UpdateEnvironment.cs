using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Management;

namespace Warder.Cli.Verbs.Environments;

/// <summary><c>warder environments update</c></summary>
internal static class UpdateEnvironment
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The environment: environment_…");
        var name = Arguments.Required("--name", "What people call it.");
        return new Verb(
            "update",
            "Renames an environment.",
            "warder environments update environment_… --name staging")
        {
            id, name,
        }
        .Does(shell, async call =>
        {
            var request = new UpdateEnvironmentRequest(call.Parsed.GetValue(name)!);
            return call.Show(
                EnvironmentView.Fields, await call.Client.Environments.UpdateAsync(call.Parsed.GetValue(id)!, request, call.Cancelled));
        });
    }
}
