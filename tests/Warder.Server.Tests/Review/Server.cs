using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Warder.Server.Hosting;

namespace Warder.Server.Tests.Review;

/// <summary>A server in this process, with the calls that these tests make.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly string directory;
    private readonly HttpClient client;

    private Server(string directory, WarderHost host)
    {
        (this.directory, Host) = (directory, host);
        Key = host.FirstManagementKey!.Reveal();
        client = new HttpClient { BaseAddress = new Uri(host.Address), Timeout = TimeSpan.FromMinutes(2) };
    }

    public WarderHost Host { get; }

    public Node Node => Host.Node;

    public string Key { get; }

    public static async Task<Server> StartAsync()
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("warder-review-").FullName;
        return new Server(directory, await WarderHost.StartAsync(new ServeOptions { DataDirectory = directory, Listen = "http://127.0.0.1:0" }));
    }

    /// <summary>One call: the status and the text of the answer.</summary>
    public async Task<(int Status, string Text)> Send(string method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + (key ?? Key));
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>One call that must go well: its JSON.</summary>
    public async Task<JsonElement> Ok(string method, string path, object? body = null, string? key = null)
    {
        var (status, text) = await Send(method, path, body, key);
        Assert.True(status is >= 200 and < 300, $"{method} {path}: {status} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public async Task<string> Organization(object? metadata = null)
        => (await Ok("POST", "/organizations", metadata is null ? new { name = "o" } : new { name = "o", metadata })).GetProperty("id").GetString()!;

    /// <summary>A connection of one's own, to send as slowly as one likes.</summary>
    public async Task<NetworkStream> Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", new Uri(Host.Address).Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Host.DisposeAsync();
        System.IO.Directory.Delete(directory, recursive: true);
    }
}
