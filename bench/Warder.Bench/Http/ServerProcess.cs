using System.Diagnostics;

namespace Warder.Bench.Http;

/// <summary>Runs a child that serves: it prints its address when it is ready, and ends with its standard input.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process process;

    /// <summary>Starts a child of this executable on one processor, with the load on another.</summary>
    public ServerProcess(params string[] arguments)
        : this(Pinned(0, Environment.ProcessPath!, ["child-serve", .. arguments]))
    {
    }

    public ServerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        process = Process.Start(start)!;
        Address = process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("The server did not start: " + string.Join(' ', start.ArgumentList));
    }

    /// <summary>The server's address.</summary>
    public string Address { get; }

    public int ProcessId => process.Id;

    /// <summary>The processor seconds that the child has used since its start.</summary>
    public double CpuSeconds => ProcessorTime.Of([process.Id]);

    /// <summary>
    /// Builds the command that starts a program on one processor, where that is requested, taskset exists, and there are two processors.
    /// </summary>
    public static ProcessStartInfo Pinned(int? processor, string file, IReadOnlyList<string> arguments)
    {
        var pin = processor is not null && Environment.ProcessorCount > 1 && File.Exists("/usr/bin/taskset");
        var start = pin
            ? new ProcessStartInfo("/usr/bin/taskset", ["-c", processor.ToString()!, file, .. arguments])
            : new ProcessStartInfo(file, arguments);
        start.RedirectStandardOutput = true;
        return start;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
