using Warder.Core.Secrets;
using Warder.Server.Hosting;

namespace Warder.Client.Tests.Server;

/// <summary>A real server on a directory of its own, and a client with every right.</summary>
public sealed class RealServer : IAsyncLifetime
{
    private readonly string directory = System.IO.Directory.CreateTempSubdirectory("warder-client-").FullName;
    private readonly HttpClient http = new();
    private WarderHost? host;

    public Uri Address => new(host!.Address);

    /// <summary>The key that the first start made: it has every right.</summary>
    public SecretString ManagementKey => host!.FirstManagementKey!;

    public WarderClient Client => As(ManagementKey);

    public async ValueTask InitializeAsync()
        => host = await WarderHost.StartAsync(new ServeOptions { DataDirectory = directory, Listen = "http://127.0.0.1:0", ManagementRequestsPerSecond = 0, FailedAuthenticationsPerSecond = 0 });

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await host!.DisposeAsync();
        System.IO.Directory.Delete(directory, recursive: true);
    }

    /// <summary>The same server, or the one at an address, asked with another management key.</summary>
    public WarderClient As(SecretString key, Uri? address = null)
        => new(http, new WarderClientOptions { BaseAddress = address ?? Address, ManagementKey = key.Reveal() });
}
