using System.Net;
using System.Text;

namespace Warder.Server.Tests.Telemetry;

/// <summary>A collector that keeps everything that is exported to it over OTLP and HTTP.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly StringBuilder text = new();
    private readonly Task serving;
    private int traces;
    private int metrics;

    public OtlpCollector()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        serving = Task.Run(ServeAsync);
    }

    /// <summary>The collector's address.</summary>
    public string Address { get; }

    /// <summary>The number of exports of traces.</summary>
    public int Traces => Volatile.Read(ref traces);

    /// <summary>The number of exports of metrics.</summary>
    public int Metrics => Volatile.Read(ref metrics);

    /// <summary>The bytes of all exports, one character each.</summary>
    public string Text
    {
        get
        {
            lock (text)
                return text.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                lock (text)
                    text.Append(Encoding.Latin1.GetString(body.ToArray()));
                if (context.Request.Url!.AbsolutePath.EndsWith("/traces", StringComparison.Ordinal))
                    Interlocked.Increment(ref traces);
                else
                    Interlocked.Increment(ref metrics);
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
