using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace Warder.Storage.Tests.Databases;

/// <summary>
/// A PostgreSQL of the tests' own: from the installed binaries, in a directory and on a Unix socket of its own, gone with the process that started it.
/// </summary>
/// <remarks>PostgreSQL does not run as root: then it runs as its own user, or as nobody. It does not sync, since nothing here pulls the plug.</remarks>
internal sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> Common = new(() => new PostgresServer());
    private static readonly string Binaries = System.IO.Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).First() + "/bin";
    private static readonly string? User = Environment.UserName != "root" ? null : Users("postgres") ? "postgres" : "nobody";

    private readonly string directory = System.IO.Directory.CreateTempSubdirectory("warder-postgres-").FullName;
    private Process? running;
    private int databases;

    public PostgresServer()
    {
        if (User is not null)
            Run("chown", User, directory);
        Run(As(Binaries + "/initdb", "-D", Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        Start();
    }

    /// <summary>The one that tests share.</summary>
    public static PostgresServer Shared => Common.Value;

    private string Data => directory + "/data";

    /// <summary>Makes an empty database; its connection string.</summary>
    public string CreateDatabase(string? template = null)
    {
        var name = $"warder_{Interlocked.Increment(ref databases)}";
        Execute($"CREATE DATABASE {name} TEMPLATE {template ?? "template0"}");
        return Connection(name);
    }

    /// <summary>How to connect to a database.</summary>
    public string Connection(string database) => $"Host={directory};Username=postgres;Database={database}";

    /// <summary>Runs statements as the superuser.</summary>
    public void Execute(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>Starts it, and waits until it can be used.</summary>
    public void Start()
    {
        // It ends when this process does, however that does: then its shell's input is closed.
        var settings = $"-k {directory} -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200 -c max_wal_size=256MB -c shared_buffers=64MB";
        var line = $"{Binaries}/postgres -D {Data} {settings} >>{directory}/log 2>&1 & server=$!; cat >/dev/null; kill -QUIT $server; wait $server";
        running = Launch(As("sh", "-c", line), input: true);
        Run(As(Binaries + "/pg_isready", "-q", "-h", directory, "-t", "30"), retries: 300);
    }

    /// <summary>Stops it as a crash or an administrator would: <c>immediate</c>, <c>fast</c>.</summary>
    public void Stop(string mode)
    {
        Run(As(Binaries + "/pg_ctl", "stop", "-D", Data, "-m", mode, "-w"));
        End();
    }

    public void Dispose()
    {
        End();
        if (System.IO.Directory.Exists(directory))
            System.IO.Directory.Delete(directory, recursive: true);
    }

    private void End()
    {
        running?.StandardInput.Close();
        running?.WaitForExit();
        running?.Dispose();
        running = null;
    }

    private static bool Users(string name) => File.ReadLines("/etc/passwd").Any(line => line.StartsWith(name + ":", StringComparison.Ordinal));

    private static string[] As(params string[] command)
        => User is null ? command : ["setpriv", "--reuid=" + User, "--regid=" + (User == "nobody" ? "nogroup" : User), "--clear-groups", .. command];

    private static void Run(params string[] command) => Run(command, 1);

    private static void Run(string[] command, int retries)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var process = Launch(command, input: false);
            var said = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
                return;
            if (attempt == retries)
                throw new InvalidOperationException($"{string.Join(' ', command)} failed: {said}");
            Thread.Yield();
        }
    }

    private static Process Launch(string[] command, bool input)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = input, RedirectStandardOutput = !input, RedirectStandardError = !input, WorkingDirectory = "/",
        };
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
