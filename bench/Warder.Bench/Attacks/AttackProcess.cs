using System.Diagnostics;
using Warder.Bench.Http;

namespace Warder.Bench.Attacks;

/// <summary>Runs <see cref="HostileReplicas"/>.</summary>
internal sealed class AttackProcess : IDisposable
{
    private readonly Process process;
    private readonly long began = Stopwatch.GetTimestamp();

    public AttackProcess(string authorization, IEnumerable<string> nodes)
    {
        process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["child-attack", authorization, .. nodes])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        if (process.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException("The attackers did not start.");
    }

    /// <summary>The share of a core that it has used since it began.</summary>
    public double Share => ProcessorTime.Of([process.Id]) / Stopwatch.GetElapsedTime(began).TotalSeconds;

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
