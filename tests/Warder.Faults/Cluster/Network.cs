using System.Globalization;
using System.Net;

namespace Warder.Faults.Cluster;

/// <summary>The ways of what goes between a node and the database.</summary>
[Flags]
internal enum Way
{
    None = 0,
    ToDatabase = 1,
    FromDatabase = 2,
    Both = ToDatabase | FromDatabase,
}

/// <summary>
/// The network between nodes, database and load. Where this program may, it runs in a network, a table of mounts and one of processes of its own, and each
/// node in a further network, at the end of a cable: then what is cut is cut as cables are, packet by packet, and nothing outlives this program.
/// Otherwise everything is on 127.0.0.1, and the <see cref="DatabaseLink"/> holds back what is cut.
/// </summary>
internal sealed class Network
{
    private const string EnclosedVariable = "WARDER_FAULTS_ENCLOSED";
    private const int NodePort = 7070, DatabasePort = 6432;

    private static readonly string[] Enclosing = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

    private Network(bool ofOwn) => OfOwn = ofOwn;

    /// <summary>Whether each node has a network of its own.</summary>
    public bool OfOwn { get; }

    /// <summary>Runs this program again in a network of its own, where that may be done: its exit code. Null when it is there already, or may not.</summary>
    public static int? Enclose(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(EnclosedVariable) is not null)
            return null;
        if (RunningProgram.Try([.. Enclosing, "sh", "-c", "ip link add here type veth peer name there && ip rule add pref 9 blackhole"]).Code != 0)
            return null;
        var info = new System.Diagnostics.ProcessStartInfo(Enclosing[0]) { Environment = { [EnclosedVariable] = "1" } };
        foreach (var part in (string[])[.. Enclosing[1..], Environment.ProcessPath!, .. arguments])
            info.ArgumentList.Add(part);
        using var process = System.Diagnostics.Process.Start(info)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    public static Network Create()
    {
        var network = new Network(Environment.GetEnvironmentVariable(EnclosedVariable) is not null);
        if (network.OfOwn)
        {
            // Names of networks are files under /run, and this one is nobody else's.
            Ip("mount -t tmpfs tmpfs /run");
            Ip("ip link set lo up");
            RulesBeforeLocal("ip");
        }

        return network;
    }

    /// <summary>The place of a node: numbered from 1.</summary>
    public Place Place(int number)
    {
        if (!OfOwn)
            return new Place([], new IPEndPoint(IPAddress.Loopback, FreePort()), new IPEndPoint(IPAddress.Loopback, FreePort()), null);
        var (name, hub) = ($"node{number}", $"hub{number}");
        string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"10.77.{number}.{host}");
        var (ofHub, ofNode, ofDatabase) = (Address(1), Address(2), Address(9));
        Ip($"ip netns add {name}");
        Ip($"ip link add {hub} type veth peer name eth0 netns {name}");
        Ip($"ip addr add {ofHub}/24 dev {hub}");
        // The database has an address of its own, so that what is cut is the way to it, and not that of the load.
        Ip($"ip addr add {ofDatabase}/24 dev {hub}");
        Ip($"ip link set {hub} up");
        Ip($"ip -n {name} addr add {ofNode}/24 dev eth0");
        Ip($"ip -n {name} link set eth0 up");
        Ip($"ip -n {name} link set lo up");
        RulesBeforeLocal($"ip -n {name}");
        void Cut(Way way, bool on)
        {
            // What arrives is dropped without a word, so that the sender knows nothing of it.
            var verb = on ? "add" : "del";
            if (way.HasFlag(Way.ToDatabase))
                Ip($"ip rule {verb} pref {number} from {ofNode} to {ofDatabase} blackhole");
            if (way.HasFlag(Way.FromDatabase))
                Ip($"ip -n {name} rule {verb} pref {number} from {ofDatabase} to {ofNode} blackhole");
        }

        return new Place(
            ["ip", "netns", "exec", name], new IPEndPoint(IPAddress.Parse(ofNode), NodePort), new IPEndPoint(IPAddress.Parse(ofDatabase), DatabasePort), Cut);
    }

    /// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The kernel's first rule is that what is addressed to this host is taken: ours must come before it.
    private static void RulesBeforeLocal(string ip)
    {
        Ip($"{ip} rule add pref 100 lookup local");
        Ip($"{ip} rule del pref 0");
    }

    private static void Ip(string command) => RunningProgram.Run(command.Split(' '));
}

/// <summary>Where a node is.</summary>
/// <param name="Command">What stands before a command that is to run there.</param>
/// <param name="Node">Where the node listens.</param>
/// <param name="Database">Where it finds the database.</param>
/// <param name="Cut">Cuts the cable to the database, or mends it; null where there is no cable.</param>
internal sealed record Place(IReadOnlyList<string> Command, IPEndPoint Node, IPEndPoint Database, Action<Way, bool>? Cut);
