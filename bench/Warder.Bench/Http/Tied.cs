using System.Diagnostics;

namespace Warder.Bench.Http;

/// <summary>Starts programs that end with this one, however it ends.</summary>
internal static class Tied
{
    private const string Privileges = "/usr/bin/setpriv";

    /// <summary>Builds the command that starts a program, through setpriv where that exists.</summary>
    /// <param name="signal">The signal of a clean stop.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="rights">Further options of setpriv.</param>
    public static ProcessStartInfo Command(string signal, string file, IReadOnlyList<string> arguments, params IReadOnlyList<string> rights)
        => File.Exists(Privileges)
            ? new ProcessStartInfo(Privileges, [.. rights, "--pdeathsig", signal, file, .. arguments])
            : new ProcessStartInfo(file, arguments);

    /// <summary>Sends a process the signal, and waits for its end.</summary>
    public static void End(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString()]);
        kill.WaitForExit();
        process.WaitForExit();
        process.Dispose();
    }
}
