using System.Diagnostics;

namespace Warder.Bench.Http;

/// <summary>A child of this executable that serves, kept on one processor while the load is made on another.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const double TicksASecond = 100;
    private readonly Process process;

    public ServerProcess(params string[] arguments)
    {
        process = Process.Start(Pinned(0, Environment.ProcessPath!, ["child-serve", .. arguments], input: true))!;
        Address = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server did not start: " + string.Join(' ', arguments));
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>Seconds of a processor that it has used since it started.</summary>
    public double CpuSeconds
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11]) + long.Parse(fields[12])) / TicksASecond;
        }
    }

    /// <summary>How to start a program on one processor, where that can be said and there are two.</summary>
    public static ProcessStartInfo Pinned(int processor, string file, IReadOnlyList<string> arguments, bool input = false)
    {
        var pin = Environment.ProcessorCount > 1 && File.Exists("/usr/bin/taskset");
        var start = pin
            ? new ProcessStartInfo("/usr/bin/taskset", ["-c", processor.ToString(), file, .. arguments])
            : new ProcessStartInfo(file, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardInput = input;
        return start;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
