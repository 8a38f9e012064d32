namespace Warder.Bench.Http;

/// <summary>Reads the processor time of processes, as the kernel counts it.</summary>
internal static class ProcessorTime
{
    private const double TicksASecond = 100;
    private const int Parent = 1;
    private const int User = 11;
    private const int ReapedSystem = 14;

    /// <summary>
    /// Returns the processor seconds that these processes and their children, including ended ones, have used since their start.
    /// </summary>
    public static double Of(IReadOnlyCollection<int> processes)
        => Directory.EnumerateDirectories("/proc").Sum(folder => int.TryParse(Path.GetFileName(folder), out var process)
            && Read(folder) is { } fields && (processes.Contains(process) || processes.Contains((int)fields[Parent]))
                ? fields[User..(ReapedSystem + 1)].Sum() / TicksASecond
                : 0);

    // Fields from the state on, which follows the name; null when the process has ended meanwhile.
    private static long[]? Read(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return [0, .. stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Skip(1).Take(ReapedSystem).Select(long.Parse)];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
