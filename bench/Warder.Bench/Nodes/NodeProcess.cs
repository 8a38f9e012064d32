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

    /// <summary>Has it measure; returns when it has.</summary>
    public double[] Ask(string command)
    {
        Tell(command);
        return Hear();
    }

    /// <summary>Has it begin to measure.</summary>
    public void Tell(string command) => process.StandardInput.WriteLine(command);

    /// <summary>What it measured.</summary>
    public double[] Hear()
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(NodeChild.Answer, StringComparison.Ordinal))
                return [.. line[NodeChild.Answer.Length..].Split(' ').Select(double.Parse)];
        }

        throw new InvalidOperationException("A node ended.");
    }

    /// <summary>Stops it where it is.</summary>
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
