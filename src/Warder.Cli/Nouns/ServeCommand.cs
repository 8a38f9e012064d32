using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Core.Leases;
using Warder.Core.Secrets;
using Warder.Server.Hosting;

namespace Warder.Cli.Nouns;

/// <summary><c>warder serve</c></summary>
internal static class ServeCommand
{
    public static Command Build(Shell shell)
    {
        var data = DataOption();
        var database = DatabaseSource.Option();
        var rootKey = RootKeySource.Option();
        var listen = new Option<string>("--listen")
        {
            Description = "Where to listen.",
            HelpName = "URL",
            DefaultValueFactory = _ => "http://127.0.0.1:7070",
        };
        var certificate = Arguments.Text("--tls-cert", "The certificate chain, PEM; with --tls-key.", "FILE");
        var key = Arguments.Text("--tls-key", "The certificate's private key, PEM.", "FILE");
        var name = Arguments.Text("--node-name", "The name of this node among several; by default the machine's name.", "NAME");
        var lease = Arguments.Number(
            "--lease-milliseconds",
            "With several nodes: for how long a node that has lost the database answers from memory, and a change waits for a lost node. "
                + "500 to 60000, by default 2000.");
        var allowance = Arguments.Number(
            "--pause-allowance-milliseconds",
            "With several nodes: for how much longer a change waits for a lost node. "
                + "Set it to the longest time for which a host may stop all clocks of a virtual machine; by default 0.");
        var limits = new ClientLimitOptions();
        var stalls = new Option<string[]>("--replica-stall-budget")
        {
            Description = "For how long changes may wait in a minute for the replicas of one management key, in milliseconds: "
                + "1 to 60000 for every environment, or environment_...=5000 for one; may be repeated. By default the length of a lease.",
            HelpName = "MS",
        };
        var stallAllowance = Arguments.Number(
            "--replica-stall-allowance",
            "The part of each wait for a replica that does not count against that budget, in milliseconds: 1 to 1000, by default 100. "
                + "Set it to the time that the farthest applications take for an acknowledgement.");
        return new CliCommand(
            "serve",
            "Runs the server.",
            "warder serve",
            "warder serve --data /var/lib/warder --listen https://0.0.0.0:7443 --tls-cert cert.pem --tls-key key.pem",
            "warder serve --data /var/lib/warder --database-file /etc/warder/database --root-key /etc/warder/root-key")
        {
            data, database, rootKey, listen, certificate, key, name, lease, allowance, stalls, stallAllowance,
            limits.MaxConnections, limits.PerAddress, limits.Management, limits.Failures, limits.Proxies,
        }
        .Does(shell, call => RunAsync(shell, limits.Apply(call, new ServeOptions
        {
            DataDirectory = call.Get(data),
            Database = DatabaseSource.Find(shell, call.Get(database)),
            Listen = call.Get(listen),
            TlsCertificatePath = call.Get(certificate),
            TlsKeyPath = call.Get(key),
            Insecure = call.IsInsecure,
            RootKeyPath = RootKeySource.Find(shell, call.Get(rootKey)),
            NodeName = call.Get(name),
            LeaseMilliseconds = call.Get(lease) ?? LeaseTerms.DefaultMilliseconds,
            PauseAllowanceMilliseconds = call.Get(allowance) ?? 0,
            ReplicaStallBudgets = call.Get(stalls) ?? [],
            ReplicaStallAllowanceMilliseconds = call.Get(stallAllowance),
            ManagementKey = shell.Variable(GlobalOptions.KeyVariable) is { Length: > 0 } preset ? new SecretString(preset.Trim()) : null,
        }), call.Cancelled));
    }

    /// <summary>Creates <c>--data</c>, for the commands that work on a data directory.</summary>
    public static Option<string> DataOption() => new("--data")
    {
        Description = "The directory of the embedded database and its keys; serve creates it if it is missing.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "./data",
    };

    private static async Task<int> RunAsync(Shell shell, ServeOptions options, CancellationToken cancelled)
    {
        await using var host = await StartAsync(options);
        shell.Error.WriteLine($"Warder listens on {host.Address}, with its data in {Printable.From(options.DataDirectory)}.");
        if (host.FirstManagementKey is { } first)
        {
            shell.Error.WriteLine($"The first management key is in {Printable.From(host.ManagementKeyPath)}. "
                + "It has every right: keep it, and make narrower ones with it.");
            if (shell.IsErrorTerminal)
                shell.Error.WriteLine(first.Reveal());
        }

        await host.WaitForShutdownAsync(cancelled);
        shell.Error.WriteLine("Stopping: completing open requests.");
        return ExitCode.Ok;
    }

    private static async Task<WarderHost> StartAsync(ServeOptions options)
    {
        try
        {
            return await WarderHost.StartAsync(options);
        }
        catch (IOException exception)
        {
            // Another program uses the address, or this machine does not have it.
            throw new UsageException($"--listen: {exception.Message}");
        }
    }
}
