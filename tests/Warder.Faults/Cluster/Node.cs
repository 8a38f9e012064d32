using System.Net;
using System.Net.Sockets;
using System.Text;
using Warder.Faults.Load;

namespace Warder.Faults.Cluster;

/// <summary>Runs one server, and holds its link to the database.</summary>
internal sealed class Node(string name, IPEndPoint address, RunningProgram process, DatabaseLink? link, WallClock? clock) : Verifier(
    name, address, process, clock)
{
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(5);

    /// <summary>The link to PostgreSQL; null where the database is the server's own file.</summary>
    public DatabaseLink? Link { get; } = link;

    public override void Dispose()
    {
        base.Dispose();
        Link?.Dispose();
    }

    protected override bool IsReady()
    {
        try
        {
            using var wire = Wire.Connect(Address, LookPatience);
            wire.Send(Encoding.ASCII.GetBytes($"GET /health/ready HTTP/1.1\r\nHost: {Name}\r\n\r\n"));
            return wire.Receive().Status == 200;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
