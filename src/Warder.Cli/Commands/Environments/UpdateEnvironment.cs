using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Management;

namespace Warder.Cli.Commands.Environments;

/// <summary><c>warder environments update</c></summary>
internal static class UpdateEnvironment
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The environment: environment_…");
        var name = Arguments.Text("--name", "What people call it.");
        var cap = new Option<bool>("--cap-issued-keys") { Description = "API keys end no later than the management secret that issues them." };
        var uncap = new Option<bool>("--no-cap-issued-keys") { Description = "API keys may outlive the management key that issues them." };
        return new CliCommand(
            "update",
            "Changes what is named, and leaves the rest.",
            "warder environments update environment_… --name staging",
            "warder environments update environment_… --cap-issued-keys")
        {
            id, name, cap, uncap,
        }
        .Does(shell, async call =>
        {
            var (on, off) = (call.Parsed.GetValue(cap), call.Parsed.GetValue(uncap));
            if (on && off)
                throw new UsageException("--cap-issued-keys and --no-cap-issued-keys exclude each other.");
            var request = new UpdateEnvironmentRequest
            {
                Name = call.Parsed.PatchRequired(name),
                CapIssuedKeys = on || off ? new(IsPresent: true, on) : default,
            };
            if (request == new UpdateEnvironmentRequest())
                throw new UsageException("Nothing to change: name at least one of --name, --cap-issued-keys, --no-cap-issued-keys.");
            return call.Show(
                EnvironmentView.Fields, await call.Client.Environments.UpdateAsync(call.Parsed.GetValue(id)!, request, call.Cancelled));
        });
    }
}
