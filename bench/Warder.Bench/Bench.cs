using Warder.Bench.Data;

namespace Warder.Bench;

/// <summary>One run: its temporary directory, its databases, and how long it may take.</summary>
internal sealed class Bench(bool quick, bool isLong, bool mayFetch) : IDisposable
{
    private readonly Dictionary<int, KeyDatabase> databases = [];

    /// <summary>Whether what is about time is measured for minutes, and not seconds.</summary>
    public bool IsLong => isLong;

    /// <summary>Whether programs of others may be fetched, to measure beside them: when somebody asked for a claim by its name.</summary>
    public bool MayFetch => mayFetch;

    /// <summary>Where this run keeps its files; on the disk where commits would go.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("warder-bench-").FullName;

    /// <summary>How often a pair is measured: enough for a median, fewer for a look.</summary>
    public int Rounds(int full) => quick ? Math.Max(3, full / 3) : full;

    /// <summary>A database of so many keys, made once for the run.</summary>
    public KeyDatabase Database(int keys)
    {
        if (!databases.TryGetValue(keys, out var database))
        {
            Console.Error.WriteLine($"  making a database of {keys:N0} keys …");
            databases.Add(keys, database = KeyDatabase.Create(Path.Combine(Folder, $"keys-{keys}"), keys));
        }

        return database;
    }

    /// <summary>A new, empty folder.</summary>
    public string NewFolder(string name)
    {
        var folder = Path.Combine(Folder, $"{name}-{Guid.NewGuid():N}");
        // A server refuses a data directory that others can look into.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
