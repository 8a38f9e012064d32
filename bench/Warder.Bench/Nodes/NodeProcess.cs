using System.Diagnostics;
using Warder.Bench.Data;

namespace Warder.Bench.Nodes;

/// <summary>Runs a <see cref="NodeChild"/>.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process process;

    public NodeProcess(KeyDatabase database, string connection, string folder, int part, int parts)
    {
        process = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, ["child-node", database.Folder, connection, folder, part.ToString(), parts.ToString()])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        if (process.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException("A node did not start.");
    }

    /// <summary>Runs a measurement, and returns at its end.</summary>
    public double[] Measure(string command)
    {
        Begin(command);
        return Hear();
    }

    /// <summary>Begins a measurement.</summary>
    public void Begin(string command) => process.StandardInput.WriteLine(command);

    /// <summary>Returns the measurement.</summary>
    public double[] Hear()
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(NodeChild.Answer, StringComparison.Ordinal))
                return [.. line[NodeChild.Answer.Length..].Split(' ').Select(double.Parse)];
        }

        throw new InvalidOperationException("A node ended.");
    }

    /// <summary>Stops the process, without ending it.</summary>
    public void Freeze() => Signal("STOP");

    public void Dispose()
    {
        Signal("CONT");
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString()]);
        kill.WaitForExit();
    }
}
