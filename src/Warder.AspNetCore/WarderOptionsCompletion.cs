using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Warder.Client;

namespace Warder.AspNetCore;

/// <summary>
/// Completes the options from the application's configuration, and creates the client or the verifier. A missing key stops the start.
/// </summary>
internal sealed class WarderOptionsCompletion(
    IConfiguration configuration, IHttpClientFactory http, ILoggerFactory loggers, IWarderVerifier? registered = null)
    : IPostConfigureOptions<WarderOptions>, IAsyncDisposable, IDisposable
{
    private readonly List<WarderVerifier> verifiers = [];

    public void PostConfigure(string? name, WarderOptions options)
    {
        if (options.Client is not null || options.Verifier is not null)
            return;
        if (registered is not null)
        {
            options.Verifier = registered;
            return;
        }

        var addresses = options.BaseAddress is { } address ? [address] : Addresses();
        var key = options.ManagementKey ?? Configured();
        var insecure = options.AllowInsecure ?? Flag(WarderDefaults.InsecureSetting);
        if (options.Replica ?? Flag(WarderDefaults.ReplicaSetting))
        {
            var verifier = new WarderVerifier(
                new WarderVerifierOptions { Nodes = addresses, ManagementKey = key, Timeout = options.Timeout, AllowInsecure = insecure },
                loggers.CreateLogger<WarderVerifier>());
            verifiers.Add(verifier);
            options.Verifier = verifier;
            return;
        }

        options.Client = new WarderClient(http.CreateClient(WarderClientOptions.HttpClientName), new WarderClientOptions
        {
            BaseAddress = addresses[0],
            ManagementKey = key,
            AllowInsecure = insecure,
            Timeout = options.Timeout,
            AttemptTimeout = options.Timeout / 2,
        }, loggers.CreateLogger<WarderClient>());
    }

    /// <summary>Disposes the verifiers, which release their leases to their nodes.</summary>
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
            ? [.. urls.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Address)]
            : [WarderClientOptions.DefaultBaseAddress];

    private static Uri Address(string url)
        => Uri.TryCreate(url, UriKind.Absolute, out var address)
            ? address
            : throw new InvalidOperationException(
                $"{WarderDefaults.UrlSetting} must be an absolute http or https URL, "
                + "or several with commas between them, such as http://127.0.0.1:7070.");

    private string Configured()
    {
        if (configuration[WarderDefaults.ManagementKeySetting] is { Length: > 0 } value)
            return value.Trim();
        if (configuration[WarderDefaults.ManagementKeyFileSetting] is { Length: > 0 } path)
            return (File.ReadLines(path).FirstOrDefault() ?? "").Trim();
        throw new InvalidOperationException(
            $"Warder needs a management key that holds keys:validate: set {WarderDefaults.ManagementKeySetting}, or "
            + $"{WarderDefaults.ManagementKeyFileSetting}, or ManagementKey in AddWarder's options.");
    }
}
