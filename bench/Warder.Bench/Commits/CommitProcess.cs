using System.Diagnostics;
using Warder.Bench.Data;

namespace Warder.Bench.Commits;

/// <summary>Runs <see cref="CommitRounds"/> in a child, with the disk as it is or with one more millisecond at each sync.</summary>
internal static class CommitProcess
{
    public static List<double[]> Run(Bench bench, string what, int keys, int rounds, string? preload = null)
    {
        var database = KeyDatabase.Create(bench.NewFolder("commits"), keys);
        var start = new ProcessStartInfo(
            Environment.ProcessPath!, ["child-commits", what, database.Folder, bench.NewFolder("bare"), rounds.ToString()])
        {
            RedirectStandardOutput = true,
        };
        if (preload is not null)
            start.Environment["LD_PRELOAD"] = preload;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException("The commits could not be measured.");
        return [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ').Select(double.Parse).ToArray())];
    }

    /// <summary>Compiles the library that slows syncs; returns null when there is no compiler.</summary>
    public static string? CompileDelay(Bench bench)
    {
        var library = Path.Combine(bench.Folder, "sync-delay.so");
        try
        {
            using var compiler = Process.Start(
                "cc", ["-shared", "-fPIC", "-O2", "-o", library, Path.Combine(AppContext.BaseDirectory, "sync-delay.c"), "-ldl"]);
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? library : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
