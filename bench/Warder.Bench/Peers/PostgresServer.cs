using System.Diagnostics;
using Warder.Bench.Http;

namespace Warder.Bench.Peers;

/// <summary>Runs a private PostgreSQL with the settings of its package: commits are durable.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const string User = "postgres";
    private const string EndSignal = "INT";
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(30);
    private readonly string folder;
    private readonly string port;
    private readonly Process process;

    public PostgresServer()
    {
        var initialize = Command("initdb", "-U", User, "--auth=trust", "--encoding=UTF8", "--no-locale", "-D");
        folder = Directory.CreateTempSubdirectory("warder-bench-postgres-").FullName;
        // PostgreSQL refuses to run as root, and its user needs access to the directory.
        if (Environment.IsPrivilegedProcess)
            Tool.Run(new ProcessStartInfo("chown", [User, folder]));
        var data = Path.Combine(folder, "data");
        initialize.ArgumentList.Add(data);
        Tool.Run(initialize);
        port = WarderProcess.FreePort().ToString();
        var start = Command("postgres", "-D", data, "-p", port, "-k", folder, "-c", "listen_addresses=127.0.0.1");
        start.RedirectStandardError = true;
        process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            WaitUntilReady();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int ProcessId => process.Id;

    /// <summary>Creates an empty database; returns its connection string.</summary>
    public string NewDatabase(string name)
    {
        Tool.Run(Command("createdb", "-h", "127.0.0.1", "-p", port, "-U", User, name));
        return $"postgresql://{User}@127.0.0.1:{port}/{name}";
    }

    public void Dispose()
    {
        Tied.End(process, EndSignal);
        Directory.Delete(folder, recursive: true);
    }

    private static ProcessStartInfo Command(string program, params string[] arguments)
    {
        var versions = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending()
            : Enumerable.Empty<string>();
        var path = Tool.Find("postgresql", [program], versions.Select(version => Path.Combine(version, "bin")));
        string[] rights = Environment.IsPrivilegedProcess ? [$"--reuid={User}", $"--regid={User}", "--clear-groups"] : [];
        var start = Tied.Command(EndSignal, path, arguments, rights);
        start.WorkingDirectory = "/";
        return start;
    }

    private void WaitUntilReady()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var question = Process.Start(Command("pg_isready", "-q", "-h", "127.0.0.1", "-p", port))!;
            question.WaitForExit();
            if (question.ExitCode == 0)
                return;
            if (process.HasExited || waited.Elapsed > ReadyWithin)
                throw new InvalidOperationException("PostgreSQL did not start.");
            Thread.Sleep(20);
        }
    }
}
