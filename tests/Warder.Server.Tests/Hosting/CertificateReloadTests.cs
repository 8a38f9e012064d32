using System.Net;
using System.Text.Json;
using Warder.Server.Hosting;

namespace Warder.Server.Tests.Hosting;

public sealed class CertificateReloadTests : IDisposable
{
    private readonly DataFolder folder = new();
    private readonly string files = System.IO.Directory.CreateTempSubdirectory("warder-tls-").FullName;
    private readonly TestCertificate first = TestCertificate.Create("first");
    private readonly TestCertificate second = TestCertificate.Create("second");

    private string ChainPath => Path.Combine(files, "tls.crt");

    private string KeyPath => Path.Combine(files, "tls.key");

    public void Dispose()
    {
        folder.Dispose();
        System.IO.Directory.Delete(files, recursive: true);
    }

    [Fact]
    public async Task A_new_pair_is_used_by_the_next_handshake_with_its_chain_and_open_connections_go_on()
    {
        first.Write(ChainPath, KeyPath);
        await using var host = await StartAsync();
        Assert.Equal([first.Thumbprint, first.IssuerThumbprint], (await TestCertificate.SentByAsync(host.Address)).Distinct());
        var connects = 0;
        using var client = Client(host, () => connects++);
        (await client.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        second.Write(ChainPath, KeyPath);
        await UntilSentAsync(host, second);
        Assert.Equal([second.Thumbprint, second.IssuerThumbprint], (await TestCertificate.SentByAsync(host.Address)).Distinct());
        (await client.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        Assert.Equal(1, connects);
    }

    [Fact]
    public async Task Between_the_two_files_and_after_a_broken_pair_the_one_before_stays_and_health_says_since_when()
    {
        first.Write(ChainPath, KeyPath);
        await using var host = await StartAsync();
        using var client = Client(host);
        second.WriteKey(KeyPath);
        Assert.Equal(first.Thumbprint, (await TestCertificate.SentByAsync(host.Address))[0]);
        JsonElement problem = default;
        await Eventually.Holds(
            async () => Problems(await ReadyAsync(client)) is [var found] && (problem = found).ValueKind == JsonValueKind.Object,
            TimeSpan.FromSeconds(10), "The pair that does not belong together was not reported.");
        Assert.Equal("tls_certificate", problem.GetProperty("code").GetString());
        Assert.False(problem.GetProperty("blocking").GetBoolean());
        var since = problem.GetProperty("since").GetDateTimeOffset();
        await File.WriteAllTextAsync(ChainPath, "no certificate");
        host.Reload(new ServeOptions());
        problem = Assert.Single(Problems(await ReadyAsync(client)));
        Assert.Equal(since, problem.GetProperty("since").GetDateTimeOffset());
        Assert.Equal(first.Thumbprint, (await TestCertificate.SentByAsync(host.Address))[0]);
        Assert.Equal("ready", (await ReadyAsync(client)).GetProperty("status").GetString());
        second.Write(ChainPath, KeyPath);
        await UntilSentAsync(host, second);
        Assert.Empty(Problems(await ReadyAsync(client)));
    }

    [Fact]
    public async Task Files_behind_a_symbolic_link_that_is_exchanged_are_noticed()
    {
        // The layout of a mounted secret in Kubernetes.
        foreach (var (version, pair) in new[] { ("..1", first), ("..2", second) })
        {
            System.IO.Directory.CreateDirectory(Path.Combine(files, version));
            pair.Write(Path.Combine(files, version, "tls.crt"), Path.Combine(files, version, "tls.key"));
        }

        File.CreateSymbolicLink(Path.Combine(files, "..data"), "..1");
        File.CreateSymbolicLink(ChainPath, "..data/tls.crt");
        File.CreateSymbolicLink(KeyPath, "..data/tls.key");
        await using var host = await StartAsync();
        Assert.Equal(first.Thumbprint, (await TestCertificate.SentByAsync(host.Address))[0]);
        File.CreateSymbolicLink(Path.Combine(files, "..data_tmp"), "..2");
        // File.Move refuses a link to a directory.
        using (var move = System.Diagnostics.Process.Start(
            "mv", ["-T", Path.Combine(files, "..data_tmp"), Path.Combine(files, "..data")]))
            await move.WaitForExitAsync();
        await UntilSentAsync(host, second);
    }

    [Fact]
    public async Task A_new_key_that_others_can_read_is_not_used()
    {
        first.Write(ChainPath, KeyPath);
        await using var host = await StartAsync();
        using var client = Client(host);
        second.Write(ChainPath, KeyPath);
        File.SetUnixFileMode(KeyPath, (UnixFileMode)0b110_100_100);
        host.Reload(new ServeOptions());
        Assert.Contains(
            "chmod 600", Assert.Single(Problems(await ReadyAsync(client))).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(first.Thumbprint, (await TestCertificate.SentByAsync(host.Address))[0]);
    }

    [Fact]
    public async Task Over_http2_a_stopping_server_announces_the_end_of_the_connection_and_refuses_nothing()
    {
        first.Write(ChainPath, KeyPath);
        await using var host = await StartAsync();
        var connects = 0;
        using var client = Client(host, () => connects++);
        client.DefaultRequestVersion = HttpVersion.Version20;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        (await client.GetAsync("/health/live")).EnsureSuccessStatusCode();
        (await client.GetAsync("/health/live")).EnsureSuccessStatusCode();
        Assert.Equal(1, connects);
        var draining = host.DrainAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(503, (int)(await client.GetAsync("/health/ready")).StatusCode);
            (await client.GetAsync("/health/live")).EnsureSuccessStatusCode();
        }

        // Each connection ended after its answers.
        Assert.True(connects > 2, $"{connects} connections were opened.");
        client.Dispose();
        await draining;
    }

    private Task<WarderHost> StartAsync() => WarderHost.StartAsync(new ServeOptions
    {
        DataDirectory = folder.Path, Database = folder.Shared, Listen = "https://127.0.0.1:0", TlsCertificatePath = ChainPath,
        TlsKeyPath = KeyPath,
    });

    private HttpClient Client(WarderHost host, Action? connected = null)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                connected?.Invoke();
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
        var client = new HttpClient(handler) { BaseAddress = new Uri(host.Address) };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + File.ReadAllText(folder.ManagementKey).Trim());
        return client;
    }

    private static async Task<JsonElement> ReadyAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/health/ready");
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private static JsonElement[] Problems(JsonElement report) => [.. report.GetProperty("problems").EnumerateArray()];

    private static Task UntilSentAsync(WarderHost host, TestCertificate expected)
        => Eventually.Holds(
            async () => (await TestCertificate.SentByAsync(host.Address))[0] == expected.Thumbprint, TimeSpan.FromSeconds(10),
            "The new certificate is not used.");
}
