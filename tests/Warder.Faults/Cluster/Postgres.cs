using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Warder.Faults.Cluster;

/// <summary>
/// Runs a PostgreSQL server with a data directory of its own, on 127.0.0.1. Its settings are the defaults: a committed transaction is on
/// disk.
/// </summary>
internal sealed class Postgres : IDisposable
{
    private const string User = "warder", Database = "warder";
    private const int OldestVersion = 15, MaxConnections = 300;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60), BetweenLooks = TimeSpan.FromMilliseconds(50);

    // PostgreSQL refuses to run as root.
    private static readonly string[] AsItsUser =
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : [];

    private readonly string binaries = FindBinaries();
    private readonly string password = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
    private readonly RunningProgram server;

    /// <summary>Creates the data directory and starts the server.</summary>
    public Postgres(string directory)
    {
        Address = new IPEndPoint(IPAddress.Loopback, Network.FreePort());
        var (data, passwordFile) = (Path.Combine(directory, "postgres"), Path.Combine(directory, "postgres-password"));
        Directory.CreateDirectory(data);
        File.WriteAllText(passwordFile, password);
        if (AsItsUser.Length > 0)
            RunningProgram.Run(["chown", "postgres:", data, passwordFile]);
        RunningProgram.Run(
            [.. AsItsUser, $"{binaries}/initdb", "-D", data, "-U", User, "--auth=scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8",
                "--no-locale"]);
        RunningProgram.Run([.. AsItsUser, $"{binaries}/postgres", "--single", "-D", data, "postgres"], $"CREATE DATABASE {Database}\n");
        string[] settings =
        [
            "-h", $"{Address.Address}", "-p", $"{Address.Port}", "-c", $"unix_socket_directories={data}",
            "-c", $"max_connections={MaxConnections}",
        ];
        server = new RunningProgram(
            [.. AsItsUser, $"{binaries}/postgres", "-D", data, .. settings], Path.Combine(directory, "postgres.log"));
        Start();
    }

    public IPEndPoint Address { get; }

    /// <summary>Returns the connection string for a relay's address.</summary>
    public string ConnectionString(IPEndPoint at) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={at.Address};Port={at.Port};Database={Database};Username={User};Password={password};SSL Mode=Disable;GSS Encryption"
            + $" Mode=Disable");

    /// <summary>
    /// Stops the server, cleanly (<see cref="Signal.Interrupt"/>: clients are cut off) or as a crash would (<see cref="Signal.Quit"/>), and
    /// starts it again.
    /// </summary>
    public void Restart(Signal how, TimeSpan away)
    {
        server.Send(how);
        server.WaitForEnd(ReadyWithin);
        Thread.Sleep(away);
        Start();
    }

    /// <summary>Stops all processes of the server, without ending them.</summary>
    public void Pause()
    {
        server.Send(Signal.Stop);
        ToChildren(Signal.Stop);
    }

    public void Continue()
    {
        ToChildren(Signal.Continue);
        server.Send(Signal.Continue);
    }

    public void Dispose() => server.Dispose();

    private void Start()
    {
        server.Start();
        string[] look = [$"{binaries}/pg_isready", "-q", "-h", $"{Address.Address}", "-p", $"{Address.Port}"];
        for (var since = Stopwatch.StartNew(); RunningProgram.Try(look).Code != 0;)
        {
            if (!server.IsRunning || since.Elapsed > ReadyWithin)
                throw new InvalidOperationException($"PostgreSQL did not get ready. {server.LastOutput}");
            Thread.Sleep(BetweenLooks);
        }
    }

    private void ToChildren(Signal signal)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            if (ParentOf(folder) == server.Id)
                RunningProgram.Send(int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), signal);
        }
    }

    // The fourth field of "pid (name) state parent …", where a name may hold anything.
    private static int ParentOf(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The process has ended meanwhile.
            return -1;
        }
    }

    private static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.EnumerateDirectories(Debian) : [];
        return versions
            .Where(folder => int.TryParse(Path.GetFileName(folder), out var version) && version >= OldestVersion
                && File.Exists($"{folder}/bin/postgres"))
            .OrderByDescending(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Select(folder => $"{folder}/bin")
            .FirstOrDefault()
            ?? throw new InvalidOperationException(
                $"There is no PostgreSQL {OldestVersion} or later under {Debian}: ./test --install installs it.");
    }
}
