using System.CommandLine;
using System.Runtime.InteropServices;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Server.Hosting;

namespace Warder.Cli.Nouns;

/// <summary><c>warder serve</c></summary>
internal static class ServeCommand
{
    public static Command Build(Shell shell)
    {
        var settings = new ServeSettingOptions();
        // Flags only: in a file or a variable they would hide every later restore.
        var acceptClock = new Option<bool>("--accept-clock")
        {
            Description = "Start once with a clock that is behind the time of the log; the server goes on from the latter, and records it.",
        };
        var acceptOlderLog = new Option<bool>("--accept-older-log")
        {
            Description = "Start once on a database that is older than the watermark, and record it: ended keys may be valid again.",
        };
        var serve = new CliCommand(
            "serve",
            "Runs the server.",
            "warder serve",
            "warder serve --data /var/lib/warder --listen https://0.0.0.0:7443 --tls-cert cert.pem --tls-key key.pem",
            "warder serve --data /var/lib/warder --database-file /etc/warder/database --root-key /etc/warder/root-key");
        return serve.With([.. settings.Options, acceptClock, acceptOlderLog]).Does(
            shell, call => RunAsync(
                shell,
                settings.Read(call) with { AcceptClock = call.Get(acceptClock), AcceptOlderLog = call.Get(acceptOlderLog) },
                () => settings.Resolve(call), call.Cancelled));
    }

    /// <summary>Creates <c>--data</c>, for the commands that work on a data directory.</summary>
    public static Option<string> DataOption() => new("--data")
    {
        Description = "The directory of the embedded database and its keys; serve creates it if it is missing.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "./data",
    };

    private static async Task<int> RunAsync(
        Shell shell, ServeOptions options, Func<ServeOptions> resolve, CancellationToken cancelled)
    {
        var notifier = ServiceNotifier.Of(shell.Variable("NOTIFY_SOCKET"));
        WarderHost? running = null;
        // Registered before the start: a hang-up never ends the process.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            if (Volatile.Read(ref running) is { } started)
                Reload(shell, started, resolve, notifier);
        });
        await using var host = await StartAsync(options);
        shell.Error.WriteLine($"Warder listens on {host.Address}, with its data in {Printable.From(options.DataDirectory)}.");
        if (host.FirstManagementKey is { } first)
        {
            shell.Error.WriteLine($"The first management key is in {Printable.From(host.ManagementKeyPath)}. "
                + "It has every right: keep it, and make narrower ones with it.");
            if (shell.IsErrorTerminal)
                shell.Error.WriteLine(first.Reveal());
        }

        Volatile.Write(ref running, host);
        notifier.Ready();
        await host.WaitForShutdownAsync(cancelled);
        Volatile.Write(ref running, null);
        notifier.Stopping();
        shell.Error.WriteLine("Stopping: completing open requests.");
        await host.DrainAsync();
        return ExitCode.Ok;
    }

    // A configuration that cannot be read changes nothing.
    private static void Reload(Shell shell, WarderHost host, Func<ServeOptions> resolve, ServiceNotifier notifier)
    {
        notifier.Reloading();
        try
        {
            host.Reload(resolve());
        }
        catch (Exception exception) when (exception is UsageException or ArgumentException)
        {
            shell.Error.WriteLine($"Nothing was read again: {Printable.From(exception.Message)}");
        }

        notifier.Ready();
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
