using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Warder.Client;
using Warder.Core.Secrets;

namespace Warder.AspNetCore;

/// <summary>Fills in what the application did not set, from its configuration, and makes the client. A missing key stops the start.</summary>
internal sealed class WarderOptionsCompletion(IConfiguration configuration) : IPostConfigureOptions<WarderOptions>
{
    public void PostConfigure(string? name, WarderOptions options)
    {
        if (options.Client is not null)
            return;
        var url = configuration[WarderDefaults.UrlSetting];
        var client = new WarderClientOptions
        {
            BaseAddress = options.BaseAddress ?? (string.IsNullOrEmpty(url) ? WarderClientOptions.DefaultBaseAddress : new Uri(url)),
            ManagementKey = options.ManagementKey ?? Configured(),
            Timeout = options.Timeout,
            AttemptTimeout = options.Timeout / 2,
        };
        options.Client = new WarderClient(Http(), client);
    }

    /// <summary>One for the application's life. Connections are renewed, so that a change of address is followed; redirects are not.</summary>
    private static HttpClient Http() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private Plaintext Configured()
    {
        if (configuration[WarderDefaults.ManagementKeySetting] is { Length: > 0 } value)
            return new Plaintext(value.Trim());
        if (configuration[WarderDefaults.ManagementKeyFileSetting] is { Length: > 0 } path)
            return new Plaintext((File.ReadLines(path).FirstOrDefault() ?? "").Trim());
        throw new InvalidOperationException(
            $"Warder needs a management key that holds keys:validate: set {WarderDefaults.ManagementKeySetting}, or "
            + $"{WarderDefaults.ManagementKeyFileSetting}, or ManagementKey in AddWarder's options.");
    }
}
