namespace Warder.Faults.Cluster;

/// <summary>Steps the wall clock of one process: a small library between the process and the system's clock, see clock-step.c.</summary>
internal sealed class WallClock
{
    private readonly string file;
    private readonly string preload;

    public WallClock(string directory, string preload, string name)
    {
        (this.preload, file) = (preload, Path.Combine(directory, $"{name}.clock"));
        Step(TimeSpan.Zero);
    }

    /// <summary>The environment of a process with this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment
        => new Dictionary<string, string> { ["LD_PRELOAD"] = preload, ["WARDER_FAULTS_CLOCK"] = file };

    /// <summary>Builds the library; returns null where there is no C compiler.</summary>
    public static string? Build(string directory)
    {
        var library = Path.Combine(directory, "clock-step.so");
        string[] command = [
            "cc", "-shared", "-fPIC", "-O2", "-o", library, Path.Combine(AppContext.BaseDirectory, "Cluster/clock-step.c"), "-ldl"];
        return RunningProgram.Try(command).Code == 0 ? library : null;
    }

    /// <summary>Sets the offset from the system's clock, in whole seconds.</summary>
    public void Step(TimeSpan offset)
    {
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        // In one write, into the page that the process has mapped.
        stream.Write(BitConverter.GetBytes((long)offset.TotalSeconds));
    }
}
