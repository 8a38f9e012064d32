using System.Globalization;

namespace Warder.Faults.Cluster;

/// <summary>What a run is made on: servers, and the database that they share. One server alone may have an embedded one.</summary>
internal sealed class Fleet : IDisposable
{
    private readonly List<Node> nodes = [];

    /// <summary>Starts it all, but for the spare node, which is the last.</summary>
    /// <param name="server">The executable: <c>warder</c>, or something that takes the arguments of its <c>serve</c>.</param>
    /// <param name="directory">Where everything is kept.</param>
    /// <param name="count">How many nodes are there all the time; 1 with an embedded database.</param>
    /// <param name="embedded">Whether the database is the server's own file.</param>
    public Fleet(string server, string directory, int count, bool embedded)
    {
        Directory = directory;
        Network = Network.Create();
        try
        {
            Postgres = embedded ? null : new Postgres(directory);
            var clocks = WallClock.Build(directory);
            for (var number = 1; number <= count + (embedded ? 0 : 1); number++)
                nodes.Add(Add(server, number, clocks));
            // The first one makes the keys that all of them need.
            nodes[0].Start();
            ManagementKey = File.ReadAllText(Path.Combine(DataOf(nodes[0].Name), "management-key")).Trim();
            Parallel.ForEach(nodes.Skip(1).Take(count - 1), node => node.Start());
            Regular = nodes[..count];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Directory { get; }

    public Network Network { get; }

    /// <summary>Null where the database is embedded.</summary>
    public Postgres? Postgres { get; }

    public string ManagementKey { get; }

    /// <summary>All nodes; the spare one last.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>Those that are there all the time.</summary>
    public IReadOnlyList<Node> Regular { get; }

    /// <summary>The one that joins now and then; null where there can be but one.</summary>
    public Node? Spare => Postgres is null ? null : nodes[^1];

    /// <summary>A directory for a run. PostgreSQL, which runs as a user of its own, can find its part in it.</summary>
    public static string NewDirectory()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("warder-faults-").FullName;
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return directory;
    }

    public void Dispose()
    {
        foreach (var node in nodes)
            node.Dispose();
        Postgres?.Dispose();
    }

    private string DataOf(string name) => Path.Combine(Directory, name);

    private Node Add(string server, int number, string? clocks)
    {
        var (name, place) = ($"node{number}", Network.Place(number));
        System.IO.Directory.CreateDirectory(DataOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var link = Postgres is null ? null : new DatabaseLink(place.Database, Postgres.Address, place.Cut);
        var clock = clocks is null ? null : new WallClock(Directory, clocks, name);
        List<string> command = [.. place.Command, server, "serve", "--data", DataOf(name), "--listen", $"http://{place.Node}"];
        if (Network.OfOwn)
            command.Add("--insecure");
        if (link is not null)
        {
            var file = Path.Combine(DataOf(name), "database");
            File.WriteAllText(file, Postgres!.ConnectionString(link.Address));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            command.AddRange(["--database-file", file, "--root-key", Path.Combine(Directory, "root-key"), "--node-name", name]);
        }

        var log = Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{name}.log"));
        return new Node(name, place.Node, new RunningProgram(command, log, clock?.Environment), link, clock);
    }
}
