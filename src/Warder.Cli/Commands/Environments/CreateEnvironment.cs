using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Management;

namespace Warder.Cli.Commands.Environments;

/// <summary><c>warder environments create</c></summary>
internal static class CreateEnvironment
{
    public static Command Build(Shell shell)
    {
        var name = Arguments.Required("--name", "What people call it.");
        var prefix = Arguments.Required("--key-prefix", "What its keys begin with: a-z, then up to 31 of a-z0-9_; never used before.");
        var cap = new Option<bool>("--cap-issued-keys") { Description = "API keys end no later than the management secret that issues them." };
        return new CliCommand(
            "create",
            "Creates an environment and shows the secret of its first management key, this once.",
            "warder environments create --name staging --key-prefix wdr_test")
        {
            name, prefix, cap,
        }
        .Does(shell, async call =>
        {
            var request = new CreateEnvironmentRequest(call.Parsed.GetValue(name)!, call.Parsed.GetValue(prefix)!) { CapIssuedKeys = call.Parsed.GetValue(cap) };
            var created = await call.Client.Environments.CreateAsync(request, cancellationToken: call.Cancelled);
            return call.ShowIssued(EnvironmentView.Fields, created.Environment, created.ManagementKey.Value);
        });
    }
}
