using System.Diagnostics;

namespace Warder.Bench.Http;

/// <summary>Programs that are to end with this one, however it ends.</summary>
internal static class Tied
{
    private const string Privileges = "/usr/bin/setpriv";

    /// <summary>How to start one, where setpriv is there to see to it.</summary>
    /// <param name="signal">What ends it politely.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="rights">What setpriv is to do to it besides.</param>
    public static ProcessStartInfo Command(string signal, string file, IReadOnlyList<string> arguments, params IReadOnlyList<string> rights)
        => File.Exists(Privileges)
            ? new ProcessStartInfo(Privileges, [.. rights, "--pdeathsig", signal, file, .. arguments])
            : new ProcessStartInfo(file, arguments);

    /// <summary>Sends a process the signal, and waits until it has ended.</summary>
    public static void End(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString()]);
        kill.WaitForExit();
        process.WaitForExit();
        process.Dispose();
    }
}
