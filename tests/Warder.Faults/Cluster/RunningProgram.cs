using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Warder.Faults.Cluster;

/// <summary>Signals.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>
/// Runs a program with its output in a file. The started process is the program itself, behind the prefix of its command.
/// </summary>
internal sealed class RunningProgram(
    IReadOnlyList<string> command, string log, IReadOnlyDictionary<string, string>? environment = null) : IDisposable
{
    private const int MaxOutputShown = 2000;

    private Process? process;

    public bool IsRunning => process is { HasExited: false };

    public int Id => process!.Id;

    public void Start()
    {
        process?.Dispose();
        // The shell redirects the output into the file, and then becomes the program.
        var info =
            new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log } };
        foreach (var part in command)
            info.ArgumentList.Add(part);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        process = Process.Start(info)!;
    }

    public void Send(Signal signal) => Send(Id, signal);

    /// <summary>Signals a process, if it exists.</summary>
    public static void Send(int id, Signal signal)
    {
        // The only possible error is that the process has ended.
        _ = NativeMethods.Kill(id, (int)signal);
    }

    /// <summary>Waits until the program has ended; false at the timeout.</summary>
    public bool WaitForEnd(TimeSpan patience) => process is null || process.WaitForExit(patience);

    /// <summary>Describes the end of the program, if it has ended, with its last output.</summary>
    public string LastOutput
    {
        get
        {
            var output = File.Exists(log) ? File.ReadAllText(log) : "";
            return $"{(process is { HasExited: true } ? $"It ended with {process.ExitCode}. " : "")}Its"
                + $" output:\n{output[Math.Max(0, output.Length - MaxOutputShown)..]}";
        }
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            Send(Signal.Kill);
            process!.WaitForExit();
        }

        process?.Dispose();
    }

    /// <summary>Runs a command to its end; throws with its output when it fails.</summary>
    public static void Run(IReadOnlyList<string> command, string input = "")
    {
        var (code, output) = Try(command, input);
        if (code != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {code}: {output}");
    }

    /// <summary>Runs a command to its end; returns its exit code and its output.</summary>
    public static (int Code, string Output) Try(IReadOnlyList<string> command, string input = "")
    {
        var info = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "exec \"$@\" 2>&1", "sh" }, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        foreach (var part in command)
            info.ArgumentList.Add(part);
        using var process = Process.Start(info)!;
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command ended without reading its input.
        }

        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Trim());
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int id, int signal);
    }
}
