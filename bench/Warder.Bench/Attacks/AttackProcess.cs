using System.Diagnostics;
using Warder.Bench.Http;

namespace Warder.Bench.Attacks;

/// <summary>Runs <see cref="HostileReplicas"/>. The first attack compiles its code: it is not measured.</summary>
internal sealed class AttackProcess : IDisposable
{
    private static readonly TimeSpan FirstAttack = TimeSpan.FromSeconds(3);

    private readonly Process process;
    private TimeSpan attacked;
    private double processorSeconds;

    public AttackProcess(string authorization, IEnumerable<string> nodes)
    {
        process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["child-attack", authorization, .. nodes])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        During(static () => Thread.Sleep(FirstAttack));
        (attacked, processorSeconds) = (TimeSpan.Zero, 0);
    }

    /// <summary>The share of a core that the process used during the attack.</summary>
    public double Share => processorSeconds / attacked.TotalSeconds;

    /// <summary>Runs an action during an attack.</summary>
    public void During(Action action)
    {
        Say("attack");
        var (began, used) = (Stopwatch.GetTimestamp(), ProcessorTime.Of([process.Id]));
        action();
        attacked += Stopwatch.GetElapsedTime(began);
        processorSeconds += ProcessorTime.Of([process.Id]) - used;
        Say("rest");
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private void Say(string word)
    {
        process.StandardInput.WriteLine(word);
        process.StandardInput.Flush();
        if (process.StandardOutput.ReadLine() != word)
            throw new InvalidOperationException("The attackers ended.");
    }
}
