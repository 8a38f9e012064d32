using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Warder.Client;
using Warder.Core.Secrets;

namespace Warder.AspNetCore;

/// <summary>
/// Fills in what the application did not set, from its configuration, and makes the client or the verifier. A missing key stops the start.
/// </summary>
internal sealed class WarderOptionsCompletion(IConfiguration configuration) : IPostConfigureOptions<WarderOptions>, IAsyncDisposable, IDisposable
{
    private readonly List<WarderVerifier> verifiers = [];

    public void PostConfigure(string? name, WarderOptions options)
    {
        if (options.Client is not null || options.Verifier is not null)
            return;
        var addresses = options.BaseAddress is { } address ? [address] : Addresses();
        var key = options.ManagementKey ?? Configured();
        var insecure = options.AllowInsecure ?? Flag(WarderDefaults.InsecureSetting);
        if (options.Replica ?? Flag(WarderDefaults.ReplicaSetting))
        {
            options.Verifier = new WarderVerifier(
                new WarderVerifierOptions { Nodes = addresses, ManagementKey = key, Timeout = options.Timeout, AllowInsecure = insecure });
            verifiers.Add(options.Verifier);
            return;
        }

        options.Client = new WarderClient(Http(), new WarderClientOptions
        {
            BaseAddress = addresses[0],
            ManagementKey = key,
            AllowInsecure = insecure,
            Timeout = options.Timeout,
            AttemptTimeout = options.Timeout / 2,
        });
    }

    /// <summary>With the application its verifiers end, and say so to their nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var verifier in verifiers)
            await verifier.DisposeAsync();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private bool Flag(string setting) => configuration[setting] switch
    {
        null or "" => false,
        var text => bool.TryParse(text, out var value) ? value : throw new InvalidOperationException($"{setting} must be true or false."),
    };

    private Uri[] Addresses()
        => configuration[WarderDefaults.UrlSetting] is { Length: > 0 } urls
            ? [.. urls.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(static url => new Uri(url))]
            : [WarderClientOptions.DefaultBaseAddress];

    /// <summary>
    /// One for the application's life. Connections are renewed, so that a change of address is followed; redirects are not.
    /// </summary>
    private static HttpClient Http() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private SecretString Configured()
    {
        if (configuration[WarderDefaults.ManagementKeySetting] is { Length: > 0 } value)
            return new SecretString(value.Trim());
        if (configuration[WarderDefaults.ManagementKeyFileSetting] is { Length: > 0 } path)
            return new SecretString((File.ReadLines(path).FirstOrDefault() ?? "").Trim());
        throw new InvalidOperationException(
            $"Warder needs a management key that holds keys:validate: set {WarderDefaults.ManagementKeySetting}, or "
            + $"{WarderDefaults.ManagementKeyFileSetting}, or ManagementKey in AddWarder's options.");
    }
}
