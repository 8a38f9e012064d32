using System.Globalization;
using System.Net;

namespace Warder.Faults.Cluster;

/// <summary>The directions of a link: between a node and the database, or an application and its node.</summary>
[Flags]
internal enum Way
{
    None = 0,
    There = 1,
    Back = 2,
    Both = There | Back,
}

/// <summary>
/// Connects applications, nodes, database and load. With the necessary privileges, this program runs in network, mount and process
/// namespaces of its own. Each node and each application then has a further network namespace at the end of a cable. A cut then drops
/// packets, as a cut cable does, and no process outlives this program. Otherwise everything is on 127.0.0.1, and the <see cref="Relay"/>
/// holds back the bytes of a cut link.
/// </summary>
internal sealed class Network
{
    private const string EnclosedVariable = "WARDER_FAULTS_ENCLOSED";
    private const int Port = 7070, RelayPort = 6432;

    private static readonly string[] Enclosing = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

    private Network(bool ofOwn) => OfOwn = ofOwn;

    /// <summary>Whether each process has a network of its own.</summary>
    public bool OfOwn { get; }

    /// <summary>
    /// Runs this program again in a network of its own, where that is permitted, and returns its exit code. Returns null when it already
    /// runs in one, or may not.
    /// </summary>
    public static int? Enclose(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(EnclosedVariable) is not null)
            return null;
        if (RunningProgram.Try(
            [.. Enclosing, "sh", "-c", "ip link add here type veth peer name there && ip rule add pref 9 blackhole"]).Code != 0)
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
            // Names of networks are files under /run, which is private here.
            Ip("mount -t tmpfs tmpfs /run");
            Ip("ip link set lo up");
            RulesBeforeLocal("ip");
        }

        return network;
    }

    /// <summary>Creates a place for a process.</summary>
    /// <param name="name">The process's name.</param>
    /// <param name="number">A unique number from 1 to 99.</param>
    public Place Place(string name, int number)
    {
        if (!OfOwn)
            return new Place(
                [], new IPEndPoint(IPAddress.Loopback, FreePort()), () => new IPEndPoint(IPAddress.Loopback, FreePort()), null);
        var (hub, relays) = ($"hub{number}", RelayPort);
        string Address(int host) => string.Create(CultureInfo.InvariantCulture, $"10.77.{number}.{host}");
        var (ofHub, own, ofRelays) = (Address(1), Address(2), Address(9));
        Ip($"ip netns add {name}");
        Ip($"ip link add {hub} type veth peer name eth0 netns {name}");
        Ip($"ip addr add {ofHub}/24 dev {hub}");
        // The relays have an address of their own, so that a cut hits the way to them, and not that of the load.
        Ip($"ip addr add {ofRelays}/24 dev {hub}");
        Ip($"ip link set {hub} up");
        Ip($"ip -n {name} addr add {own}/24 dev eth0");
        Ip($"ip -n {name} link set eth0 up");
        Ip($"ip -n {name} link set lo up");
        RulesBeforeLocal($"ip -n {name}");
        void Cut(Way way, bool on)
        {
            // Arriving packets are dropped without an answer, so that the sender gets no error.
            var verb = on ? "add" : "del";
            if (way.HasFlag(Way.There))
                Ip($"ip rule {verb} pref {number} from {own} to {ofRelays} blackhole");
            if (way.HasFlag(Way.Back))
                Ip($"ip -n {name} rule {verb} pref {number} from {ofRelays} to {own} blackhole");
        }

        return new Place(
            ["ip", "netns", "exec", name], new IPEndPoint(IPAddress.Parse(own), Port),
            () => new IPEndPoint(IPAddress.Parse(ofRelays), relays++), Cut);
    }

    /// <summary>Finds a free port of 127.0.0.1.</summary>
    public static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // The kernel's first rule accepts packets to this host's addresses: ours must precede it.
    private static void RulesBeforeLocal(string ip)
    {
        Ip($"{ip} rule add pref 100 lookup local");
        Ip($"{ip} rule del pref 0");
    }

    private static void Ip(string command) => RunningProgram.Run(command.Split(' '));
}

/// <summary>The place of a node or an application in the network.</summary>
/// <param name="Command">The prefix of a command that runs there.</param>
/// <param name="Own">The address to listen on.</param>
/// <param name="NextRelay">Returns an address for a relay that the process can reach.</param>
/// <param name="Cut">Cuts the cable to the relays, or mends it; null where there is no cable.</param>
internal sealed record Place(IReadOnlyList<string> Command, IPEndPoint Own, Func<IPEndPoint> NextRelay, Action<Way, bool>? Cut);
