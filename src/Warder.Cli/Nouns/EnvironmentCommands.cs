using System.CommandLine;
using System.Globalization;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Contracts.Management;

namespace Warder.Cli.Nouns;

/// <summary><c>warder environments</c></summary>
internal static class EnvironmentCommands
{
    private static readonly IReadOnlyList<Field<WarderEnvironment>> Fields =
    [
        new("id", environment => environment.Id, InList: true),
        new("name", environment => environment.Name, InList: true),
        new("key_prefix", environment => environment.KeyPrefix, InList: true),
        new("cap_issued_keys", environment => Shown.YesNo(environment.CapIssuedKeys)),
        new("required_level", environment => environment.RequiredLevel.ToString(CultureInfo.InvariantCulture)),
        new("created_at", environment => Shown.Time(environment.CreatedAt), InList: true),
        new("updated_at", environment => Shown.Time(environment.UpdatedAt)),
    ];

    public static Command Build(Shell shell)
    {
        var noun = new Noun<WarderEnvironment>(shell, () => Arguments.Id("The environment: environment_…"), Fields);
        return new CliCommand(
            "environments",
            "Environments: isolated worlds of data.",
            "warder environments create --name staging --key-prefix wdr_test",
            "warder environments list")
        {
            Create(shell),
            noun.List("Lists environments, newest first.", ["warder environments list"], client => client.Environments.ListAsync),
            noun.Show("Shows one environment.", "warder environments show environment_…", client => client.Environments.GetAsync),
            Update(noun),
        };
    }

    private static CliCommand Create(Shell shell)
    {
        var name = Arguments.Required("--name", "The name that people see.");
        var prefix = Arguments.Required("--key-prefix", "The prefix of its keys: a-z, then up to 31 of a-z0-9_; never used before.");
        var cap = Cap();
        return new CliCommand(
            "create",
            "Creates an environment and shows the secret of its first management key, this once.",
            "warder environments create --name staging --key-prefix wdr_test")
        {
            name, prefix, cap,
        }
        .Does(shell, async call =>
        {
            var request = new CreateEnvironmentRequest(call.Get(name), call.Get(prefix)) { CapIssuedKeys = call.Get(cap) };
            var created = await call.Client.Environments.CreateAsync(request, cancellationToken: call.Cancelled);
            return call.ShowIssued(Fields, created.Environment, created.ManagementKey.Value);
        });
    }

    private static CliCommand Update(Noun<WarderEnvironment> noun)
    {
        var name = Arguments.Text("--name", "The name that people see.");
        var cap = Cap();
        var uncap = Arguments.Flag("--no-cap-issued-keys", "API keys may outlive the management key that issues them.");
        return noun.Update(
            "Changes the given fields, and leaves the rest.",
            ["warder environments update environment_… --name staging", "warder environments update environment_… --cap-issued-keys"],
            [name, cap, uncap],
            call =>
            {
                var (on, off) = (call.Get(cap), call.Get(uncap));
                if (on && off)
                    throw new UsageException("--cap-issued-keys and --no-cap-issued-keys exclude each other.");
                return new UpdateEnvironmentRequest
                {
                    Name = call.PatchRequired(name), CapIssuedKeys = on || off ? new(IsPresent: true, on) : default,
                };
            },
            client => client.Environments.UpdateAsync);
    }

    private static Option<bool> Cap()
        => Arguments.Flag("--cap-issued-keys", "API keys end no later than the management secret that issues them.");
}
