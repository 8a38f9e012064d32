using System.Text;
using Warder.Core.Secrets;
using Warder.Storage.Tests.Databases;

namespace Warder.Server.Tests.Hosting;

/// <summary>Creates a data directory for one test: real files, deleted with the test.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = System.IO.Directory.CreateTempSubdirectory("warder-test-").FullName;

    /// <summary>The connection string of the test's database, when these tests run on PostgreSQL: see <c>./test</c>.</summary>
    public SecretString? Shared { get; private init; } = OnPostgres ? NewShared() : null;

    /// <summary>Creates the folder of a node on PostgreSQL, on either database of the test run.</summary>
    public static DataFolder OnOwnPostgres() => new() { Shared = NewShared() };

    /// <summary>Creates the folder of a node with the embedded database, on either database of the test run.</summary>
    public static DataFolder Embedded() => new() { Shared = null };

    /// <summary>Creates the folder of another node on the same database.</summary>
    public DataFolder Beside()
    {
        var other = new DataFolder { Shared = Shared };
        File.Copy(RootKey, other.RootKey);
        File.Copy(ManagementKey, other.ManagementKey);
        return other;
    }

    private static SecretString NewShared() => new(new TestDatabase(Storage.Tests.Databases.Database.Postgres).Connection);

    public static bool OnPostgres => Environment.GetEnvironmentVariable("WARDER_TEST_DATABASE") == "postgres";

    public string Database => System.IO.Path.Combine(Path, "warder.db");

    public string RootKey => System.IO.Path.Combine(Path, "root-key");

    public string ManagementKey => System.IO.Path.Combine(Path, "management-key");

    /// <summary>Writes a file of the data directory as a server does: readable by its owner alone.</summary>
    public static async Task Write(string path, byte[] content)
    {
        await using var file = new FileStream(
            path,
            new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        await file.WriteAsync(content);
    }

    /// <summary>Reads every file, by its name.</summary>
    public IEnumerable<(string Name, byte[] Content)> Files()
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            // The server holds the lock file, which is empty.
            if (System.IO.Path.GetFileName(file) == "lock")
                continue;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            yield return (System.IO.Path.GetFileName(file), copy.ToArray());
        }
    }

    /// <summary>Lists the files that contain a text.</summary>
    public List<string> FilesWith(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Files().Where(file => file.Content.AsSpan().IndexOf(bytes) >= 0).Select(file => file.Name)];
    }

    public void Dispose()
    {
        try
        {
            System.IO.Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A child process may still be writing its last bytes.
        }
    }
}
