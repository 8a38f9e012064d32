using System.Globalization;
using System.Net;

namespace Warder.Faults.Cluster;

/// <summary>The ways of what goes over a link: between a node and the database, or an application and its node.</summary>
[Flags]
internal enum Way
{
    None = 0,
    There = 1,
    Back = 2,
    Both = There | Back,
}

/// <summary>
/// The network between applications, nodes, database and load. Where this program may, it runs in a network, a table of mounts and one of
/// processes of its own, and each node and each application in a further network, at the end of a cable: then what is cut is cut as cables
/// are, packet by packet, and nothing outlives this program. Otherwise everything is on 127.0.0.1, and the <see cref="Relay"/> holds back
/// what is cut.
/// </summary>
internal sealed class Network
{
    private const string EnclosedVariable = "WARDER_FAULTS_ENCLOSED";
    private const int Port = 7070, RelayPort = 6432;

    private static readonly string[] Enclosing = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

    private Network(bool ofOwn) => OfOwn = ofOwn;

    /// <summary>Whether each has a network of its own.</summary>
    public bool OfOwn { get; }

    /// <summary>
    /// Runs this program again in a network of its own, where that may be done: its exit code. Null when it is there already, or may not.
    /// </summary>
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

    /// <summary>A place of its own for somebody.</summary>
    /// <param name="name">Who is there.</param>
    /// <param name="number">Nobody else's; 1 to 99.</param>
    public Place Place(string name, int number)
    {
        if (!OfOwn)
            return new Place([], new IPEndPoint(IPAddress.Loopback, FreePort()), () => new IPEndPoint(IPAddress.Loopback, FreePort()), null);
        var (hub, relays) = ($"hub{number}", RelayPort);
        string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"10.77.{number}.{host}");
        var (ofHub, own, ofRelays) = (Address(1), Address(2), Address(9));
        Ip($"ip netns add {name}");
        Ip($"ip link add {hub} type veth peer name eth0 netns {name}");
        Ip($"ip addr add {ofHub}/24 dev {hub}");
        // The relays have an address of their own, so that what is cut is the way to them, and not that of the load.
        Ip($"ip addr add {ofRelays}/24 dev {hub}");
        Ip($"ip link set {hub} up");
        Ip($"ip -n {name} addr add {own}/24 dev eth0");
        Ip($"ip -n {name} link set eth0 up");
        Ip($"ip -n {name} link set lo up");
        RulesBeforeLocal($"ip -n {name}");
        void Cut(Way way, bool on)
        {
            // What arrives is dropped without a word, so that the sender knows nothing of it.
            var verb = on ? "add" : "del";
            if (way.HasFlag(Way.There))
                Ip($"ip rule {verb} pref {number} from {own} to {ofRelays} blackhole");
            if (way.HasFlag(Way.Back))
                Ip($"ip -n {name} rule {verb} pref {number} from {ofRelays} to {own} blackhole");
        }

        return new Place(
            ["ip", "netns", "exec", name], new IPEndPoint(IPAddress.Parse(own), Port), () => new IPEndPoint(IPAddress.Parse(ofRelays), relays++), Cut);
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

/// <summary>Where a node or an application is.</summary>
/// <param name="Command">What stands before a command that is to run there.</param>
/// <param name="Own">Where it listens.</param>
/// <param name="NextRelay">Where a relay may listen that it is to find.</param>
/// <param name="Cut">Cuts the cable to the relays, or mends it; null where there is no cable.</param>
internal sealed record Place(IReadOnlyList<string> Command, IPEndPoint Own, Func<IPEndPoint> NextRelay, Action<Way, bool>? Cut);
