using System.Diagnostics;

namespace Warder.Bench.Http;

/// <summary>A child that serves: it says its address when it is ready, and ends with its standard input.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process process;

    /// <summary>A child of this executable, kept on one processor while the load is made on another.</summary>
    public ServerProcess(params string[] arguments)
        : this(Pinned(0, Environment.ProcessPath!, ["child-serve", .. arguments]))
    {
    }

    public ServerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        process = Process.Start(start)!;
        Address = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server did not start: " + string.Join(' ', start.ArgumentList));
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    public int ProcessId => process.Id;

    /// <summary>Seconds of a processor that it has used since it started.</summary>
    public double CpuSeconds => ProcessorTime.Of([process.Id]);

    /// <summary>How to start a program on one processor, where that is wanted, can be said, and there are two.</summary>
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
