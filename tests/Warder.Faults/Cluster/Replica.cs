using System.Net;
using System.Net.Sockets;
using Warder.Faults.Load;

namespace Warder.Faults.Cluster;

/// <summary>
/// Runs one application that validates in its own process, and holds its links to the nodes: one relay each, in the order in which it tries
/// them.
/// </summary>
internal sealed class Replica(
    string name, IPEndPoint address, RunningProgram process, IReadOnlyList<(Relay Relay, Node Node)> routes, Action<Way, bool>? cable,
    WallClock? clock)
    : Verifier(name, address, process, clock)
{
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(5);

    public IReadOnlyList<Relay> Routes { get; } = [.. routes.Select(route => route.Relay)];

    /// <summary>The node that the application is connected to; null while there is none.</summary>
    public Node? Followed
        => Routes.FirstOrDefault(route => route.IsInUse) is { } used
            ? routes.First(route => route.Node.Address.Equals(used.Destination)).Node
            : null;

    /// <summary>Cuts the links to all nodes, in one direction or both; or mends them.</summary>
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

    /// <summary>Moves the node of each address to the address before it, and breaks the connection to the former node.</summary>
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

    // Validators use it from its start on; an "unavailable" is an answer.
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
