using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Warder.Faults.Attacks;

/// <summary>Records the times at which a server node was refused a lease.</summary>
internal sealed class Sightings(Requests requests)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentQueue<(long At, string Node)> refused = new();

    /// <summary>The refusals, each with its time on the monotonic clock.</summary>
    public IReadOnlyCollection<(long At, string Node)> Refused => refused;

    /// <summary>Reads the list of nodes from the first node that returns it.</summary>
    public void Look(Fleet fleet)
    {
        foreach (var node in fleet.Regular)
        {
            if (ListAt(node) is not { } list)
                continue;
            foreach (var each in list.GetProperty("data").EnumerateArray())
            {
                if (each.GetProperty("kind").GetString() == "server" && each.GetProperty("lease").GetString() == "refused")
                    refused.Enqueue((Stopwatch.GetTimestamp(), each.GetProperty("name").GetString()!));
            }

            return;
        }
    }

    private JsonElement? ListAt(Node node)
    {
        try
        {
            using var wire = Wire.Connect(node.Address, Patience);
            wire.Send(requests.Of("GET", "/nodes", null));
            var (status, body) = wire.Receive();
            return status == 200 ? JsonDocument.Parse(body.ToArray()).RootElement : null;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }
}
