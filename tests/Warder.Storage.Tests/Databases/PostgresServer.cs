using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace Warder.Storage.Tests.Databases;

/// <summary>
/// Runs a PostgreSQL of the tests' own, from the installed binaries, in a directory and on a Unix socket of its own; it ends with its
/// process.
/// </summary>
/// <remarks>
/// PostgreSQL refuses to run as root: then it runs as its own user, or as the user <c>nobody</c>. It does not sync, since no test cuts the
/// power.
/// </remarks>
internal sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> Common = new(() => new PostgresServer());
    private static readonly string Binaries = System.IO.Directory.EnumerateDirectories("/usr/lib/postgresql")
        .OrderDescending(StringComparer.Ordinal).First() + "/bin";
    private static readonly string? User = Environment.UserName != "root" ? null : Users("postgres") ? "postgres" : "nobody";

    private readonly string directory = System.IO.Directory.CreateTempSubdirectory("warder-postgres-").FullName;
    private readonly Process guardian;
    private int databases;

    public PostgresServer()
    {
        if (User is not null)
            Run("chown", User, directory);
        Run(As("sh", "-c", $"{Binaries}/initdb -D {Data} -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null"));
        // The server ends when this process does, in every case: the end closes the guardian's input. A signal to the process group must
        // not end the guardian.
        guardian = Launch(
            As(
                "sh", "-c",
                $"trap '' INT TERM HUP; cat >/dev/null; {Binaries}/pg_ctl stop -s -D {Data} -m immediate -w; rm -rf {directory}"),
                input: true);
        Start();
    }

    /// <summary>The server that tests share.</summary>
    public static PostgresServer Shared => Common.Value;

    private string Data => directory + "/data";

    /// <summary>Creates an empty database; returns its connection string.</summary>
    public string CreateDatabase(string? template = null)
    {
        var name = $"warder_{Interlocked.Increment(ref databases)}";
        Execute($"CREATE DATABASE {name} TEMPLATE {template ?? "template0"}");
        return Connection(name);
    }

    /// <summary>Returns the connection string of a database.</summary>
    public string Connection(string database) => $"Host={directory};Username=postgres;Database={database}";

    /// <summary>Runs statements as the superuser.</summary>
    public void Execute(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a query as the superuser.</summary>
    public long Number(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Requires a password of every new connection.</summary>
    public void DemandPasswords()
    {
        File.WriteAllText(Data + "/pg_hba.conf", "local all all scram-sha-256\n");
        Run(As(Binaries + "/pg_ctl", "reload", "-s", "-D", Data));
    }

    /// <summary>Starts it, and waits until it accepts connections.</summary>
    public void Start()
        => Run(As(Binaries + "/pg_ctl", "start", "-s", "-D", Data, "-l", directory + "/log", "-w", "-o", Settings));

    /// <summary>Stops it as a crash or an administrator would: <c>immediate</c>, <c>fast</c>.</summary>
    public void Stop(string mode) => Run(As(Binaries + "/pg_ctl", "stop", "-s", "-D", Data, "-m", mode, "-w"));

    public void Dispose()
    {
        guardian.StandardInput.Close();
        guardian.Dispose();
    }

    private string Settings
        => $"-k {directory} -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200 -c max_wal_size=256MB -c"
            + $" shared_buffers=64MB";

    private static bool Users(string name)
        => File.ReadLines("/etc/passwd").Any(line => line.StartsWith(name + ":", StringComparison.Ordinal));

    private static string[] As(params string[] command)
        => User is null
            ? command
            : ["setpriv", "--reuid=" + User, "--regid=" + (User == "nobody" ? "nogroup" : User), "--clear-groups", .. command];

    private static void Run(params string[] command)
    {
        using var process = Launch(command, input: false);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }

    private static Process Launch(string[] command, bool input)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = input, WorkingDirectory = "/" };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{command[0]} cannot be run: {e.Message} (./test --install brings PostgreSQL)", e);
        }
    }
}
