namespace Warder.Bench.Http;

/// <summary>What processes have used of the processors, as the kernel counts it.</summary>
internal static class ProcessorTime
{
    private const double TicksASecond = 100;
    private const int Parent = 1;
    private const int User = 11;
    private const int ReapedSystem = 14;

    /// <summary>Seconds of a processor that these and their children, those that have ended too, have used since they started.</summary>
    public static double Of(IReadOnlyCollection<int> processes)
        => Directory.EnumerateDirectories("/proc").Sum(folder => int.TryParse(Path.GetFileName(folder), out var process)
            && Read(folder) is { } fields && (processes.Contains(process) || processes.Contains((int)fields[Parent]))
                ? fields[User..(ReapedSystem + 1)].Sum() / TicksASecond
                : 0);

    // From the state on, which follows the name; null when the process has ended meanwhile.
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
