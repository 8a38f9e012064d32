using System.Net;
using System.Net.Sockets;

namespace Warder.Server.Tests.Replicas;

/// <summary>Connects a replica to its node over a link that a test can cut.</summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Lock gate = new();
    private readonly List<TcpClient> open = [];
    private readonly int port;
    private bool isCut;

    public Relay(string address)
    {
        port = new Uri(address).Port;
        listener.Start();
        _ = Accept();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Counts the connections made.</summary>
    public int Connections { get; private set; }

    /// <summary>Breaks the open connections, and refuses new ones.</summary>
    public void Cut() => Set(cut: true);

    /// <summary>Accepts new connections again.</summary>
    public void Mend() => Set(cut: false);

    /// <summary>Breaks the open connections.</summary>
    public void Break()
    {
        lock (gate)
        {
            open.ForEach(static client => client.Close());
            open.Clear();
        }
    }

    public void Dispose()
    {
        listener.Stop();
        Break();
    }

    private void Set(bool cut)
    {
        lock (gate)
            isCut = cut;
        if (cut)
            Break();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Carry(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Carry(TcpClient from)
    {
        using (from)
        using (var to = new TcpClient())
        {
            try
            {
                lock (gate)
                {
                    if (isCut)
                        return;
                    open.Add(from);
                    open.Add(to);
                    Connections++;
                }

                await to.ConnectAsync(IPAddress.Loopback, port);
                await Task.WhenAny(from.GetStream().CopyToAsync(to.GetStream()), to.GetStream().CopyToAsync(from.GetStream()));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The test has cut the link.
            }
        }
    }
}
