using System.Net;
using System.Net.Sockets;
using Warder.Faults.Load;

namespace Warder.Faults.Cluster;

/// <summary>
/// One application that validates in its own process, and how it reaches the nodes: through a relay each, in the order in which it tries
/// them.
/// </summary>
internal sealed class Replica(
    string name, IPEndPoint address, RunningProgram process, IReadOnlyList<(Relay Relay, Node Node)> routes, Action<Way, bool>? cable, WallClock? clock)
    : Verifier(name, address, process, clock)
{
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(5);

    public IReadOnlyList<Relay> Routes { get; } = [.. routes.Select(route => route.Relay)];

    /// <summary>The node that it is connected to; null while it is not.</summary>
    public Node? Followed => Routes.FirstOrDefault(route => route.IsInUse) is { } used ? routes.First(route => route.Node.Address.Equals(used.Destination)).Node : null;

    /// <summary>Cuts the way to all nodes, or back, or both; or mends it.</summary>
    public void Cut(Way way, bool on)
    {
        if (cable is not null)
        {
            cable(way, on);
            return;
        }

        foreach (var route in Routes)
            route.Cut(way, on);
    }

    /// <summary>Puts behind each address the node that was behind the next, and breaks what is connected to the one before.</summary>
    public void Shift()
    {
        var before = Routes.Select(route => route.Destination).ToArray();
        for (var i = 0; i < before.Length; i++)
        {
            Routes[i].Destination = before[(i + 1) % before.Length];
            Routes[i].Break();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var route in Routes)
            route.Dispose();
    }

    // It is asked from the first on; that it cannot know is an answer.
    protected override bool IsReady()
    {
        try
        {
            using var wire = Wire.Connect(Address, LookPatience);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
