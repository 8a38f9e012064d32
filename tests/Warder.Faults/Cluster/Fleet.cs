using System.Globalization;

namespace Warder.Faults.Cluster;

/// <summary>
/// Holds the processes of a run: servers, the database that they share, and applications that follow them. One server alone may have an
/// embedded database.
/// </summary>
internal sealed class Fleet : IDisposable
{
    // Behind all nodes.
    private const int FirstPlaceOfReplicas = 50;

    private readonly List<Node> nodes = [];
    private readonly List<Replica> replicas = [];
    private readonly string? clocks;

    /// <summary>Starts all processes except the spare node, which is the last.</summary>
    public Fleet(RunOptions options, string directory)
    {
        Directory = directory;
        Network = Network.Create();
        Epochs = Epochs.Create(EpochsFile);
        try
        {
            Postgres = options.Embedded ? null : new Postgres(directory);
            clocks = WallClock.Build(directory);
            for (var number = 1; number <= options.Nodes + (options.Embedded ? 0 : 1); number++)
                nodes.Add(Add(options.Server, number, options.Attackers));
            // The first node creates the keys that all other processes need.
            nodes[0].Start();
            ManagementKey = File.ReadAllText(Path.Combine(DataOf(nodes[0].Name), "management-key")).Trim();
            for (var number = 1; number <= options.Replicas; number++)
                replicas.Add(AddReplica(options.Application, number));
            Parallel.ForEach([.. nodes.Skip(1).Take(options.Nodes - 1), .. replicas], (Verifier verifier) => verifier.Start());
            Regular = nodes[..options.Nodes];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Directory { get; }

    public Network Network { get; }

    /// <summary>The PostgreSQL server; null where the database is embedded.</summary>
    public Postgres? Postgres { get; }

    public string ManagementKey { get; }

    /// <summary>The attackers' keys; null until they are created.</summary>
    public HostileKeys? Hostile { get; set; }

    /// <summary>The refusals seen under attack; null until attacks may begin.</summary>
    public Sightings? Sightings { get; set; }

    /// <summary>All nodes; the spare one last.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>The nodes that run all the time.</summary>
    public IReadOnlyList<Node> Regular { get; }

    /// <summary>The node that joins now and then; null in a fleet of one node.</summary>
    public Node? Spare => Postgres is null ? null : nodes[^1];

    /// <summary>The applications.</summary>
    public IReadOnlyList<Replica> Replicas => replicas;

    /// <summary>All nodes and applications.</summary>
    public IReadOnlyList<Verifier> Verifiers => [.. nodes, .. replicas];

    /// <summary>The epochs of the changed subjects, in memory that the applications share.</summary>
    public Epochs Epochs { get; }

    /// <summary>Creates a directory for a run. PostgreSQL, which runs as a user of its own, can reach its part of it.</summary>
    public static string NewDirectory()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("warder-faults-").FullName;
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return directory;
    }

    public void Dispose()
    {
        foreach (var verifier in Verifiers)
            verifier.Dispose();
        Postgres?.Dispose();
        Epochs.Dispose();
    }

    private string EpochsFile => Path.Combine(Directory, "epochs");

    private string DataOf(string name) => Path.Combine(Directory, name);

    private string LogOf(string name) => Path.Combine(Directory, $"{name}.log");

    private WallClock? ClockOf(string name) => clocks is null ? null : new WallClock(Directory, clocks, name);

    private Node Add(string server, int number, bool isAttacked)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"node{number}");
        var place = Network.Place(name, number);
        System.IO.Directory.CreateDirectory(DataOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var link = Postgres is null ? null : new DatabaseLink(place.NextRelay(), Postgres.Address, place.Cut);
        var clock = ClockOf(name);
        List<string> command = [
            .. place.Command, server, "serve", "--data", DataOf(name), "--listen", $"http://{place.Own}",
            "--management-requests-per-second", "0"];
        // Applications are lost all the time here, and must get leases again: no key is barred for that, except in a run that tests bars.
        if (!isAttacked)
            command.AddRange(["--replica-stall-budget", "60000"]);
        if (Network.OfOwn)
            command.Add("--insecure");
        if (link is not null)
        {
            var file = Path.Combine(DataOf(name), "database");
            File.WriteAllText(file, Postgres!.ConnectionString(link.Address));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            command.AddRange(["--database-file", file, "--root-key", Path.Combine(Directory, "root-key"), "--node-name", name]);
        }

        return new Node(name, place.Own, new RunningProgram(command, LogOf(name), clock?.Environment), link, clock);
    }

    // Each application tries the nodes in another order, and every second one preloads all keys at its start.
    private Replica AddReplica(string application, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"replica{number}");
        var place = Network.Place(name, FirstPlaceOfReplicas + number);
        var clock = ClockOf(name);
        List<(Relay Relay, Node Node)> routes = [];
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[(number - 1 + i) % nodes.Count];
            routes.Add((new Relay(place.NextRelay(), node.Address, null), node));
        }

        List<string> command =
            [.. place.Command, application, "follow", "--name", name, "--listen", $"{place.Own}", "--epochs", EpochsFile, .. number % 2 == 0
                ? ["--preload"]
                : Array.Empty<string>()];
        command.AddRange(routes.SelectMany(route => new[] { "--node", $"http://{route.Relay.Address}" }));
        var environment = new Dictionary<string, string>(
            clock?.Environment ?? new Dictionary<string, string>()) { ["WARDER_MANAGEMENT_KEY"] = ManagementKey };
        return new Replica(name, place.Own, new RunningProgram(command, LogOf(name), environment), routes, place.Cut, clock);
    }
}
