using Warder.Bench.Data;

namespace Warder.Bench;

/// <summary>One run: its temporary directory, its databases, and its time limit.</summary>
internal sealed class Bench(bool quick, bool isLong, bool mayFetch) : IDisposable
{
    private readonly Dictionary<int, KeyDatabase> databases = [];

    /// <summary>Whether measurements of time take minutes, and not seconds.</summary>
    public bool IsLong => isLong;

    /// <summary>Whether third-party programs may be fetched for comparison: true when the command line names a claim.</summary>
    public bool MayFetch => mayFetch;

    /// <summary>The directory of this run's files; on the disk of the commits.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("warder-bench-").FullName;

    /// <summary>The number of rounds of a pair: enough for a median, fewer for a quick look.</summary>
    public int Rounds(int full) => quick ? Math.Max(3, full / 3) : full;

    /// <summary>Returns a database with that many keys, created once for the run.</summary>
    public KeyDatabase Database(int keys)
    {
        if (!databases.TryGetValue(keys, out var database))
        {
            Console.Error.WriteLine($"  making a database of {keys:N0} keys …");
            databases.Add(keys, database = KeyDatabase.Create(Path.Combine(Folder, $"keys-{keys}"), keys));
        }

        return database;
    }

    /// <summary>Creates an empty folder.</summary>
    public string NewFolder(string name)
    {
        var folder = Path.Combine(Folder, $"{name}-{Guid.NewGuid():N}");
        // A server refuses a data directory that others can read.
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
