using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Warder.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Warder's client and verifier in an application's services.</summary>
public static class WarderServiceCollectionExtensions
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Registers <see cref="WarderClient"/> as a singleton over <c>IHttpClientFactory</c>. Add handlers to what is returned.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IHttpClientBuilder AddWarderClient(this IServiceCollection services, Action<WarderClientOptions>? configure = null)
    {
        services.AddOptions<WarderClientOptions>().Configure(configure ?? Nothing).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WarderClientOptions>, WarderClientOptionsValidation>());
        services.TryAddSingleton(static provider => new WarderClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(WarderClientOptions.HttpClientName),
            provider.GetRequiredService<IOptions<WarderClientOptions>>().Value,
            provider.GetService<ILogger<WarderClient>>()));
        return AddWarderHttp(services);
    }

    /// <summary>The same, with options from a section of the configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">Its members have the names of those of <see cref="WarderClientOptions"/>.</param>
    public static IHttpClientBuilder AddWarderClient(this IServiceCollection services, IConfiguration section)
    {
        services.Configure<WarderClientOptions>(section);
        return services.AddWarderClient();
    }

    /// <summary>
    /// Registers <see cref="WarderVerifier"/>, and as <see cref="IWarderVerifier"/>, as a singleton. It begins to connect when it is first
    /// asked for.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddWarderVerifier(this IServiceCollection services, Action<WarderVerifierOptions>? configure = null)
    {
        services.AddOptions<WarderVerifierOptions>().Configure(configure ?? Nothing).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WarderVerifierOptions>, WarderVerifierOptionsValidation>());
        services.TryAddSingleton(static provider => new WarderVerifier(
            provider.GetRequiredService<IOptions<WarderVerifierOptions>>().Value, provider.GetService<ILogger<WarderVerifier>>()));
        services.TryAddSingleton<IWarderVerifier>(static provider => provider.GetRequiredService<WarderVerifier>());
        return services;
    }

    /// <summary>The same, with options from a section of the configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">Its members have the names of those of <see cref="WarderVerifierOptions"/>.</param>
    public static IServiceCollection AddWarderVerifier(this IServiceCollection services, IConfiguration section)
    {
        services.Configure<WarderVerifierOptions>(section);
        return services.AddWarderVerifier();
    }

    /// <summary>The named HTTP client alone.</summary>
    internal static IHttpClientBuilder AddWarderHttp(IServiceCollection services)
        // The client lives as long as the application, and so do its handlers. Connections are renewed instead, so that a change of address
        // is followed; redirects are not, as they would carry the management key elsewhere.
        => services.AddHttpClient(WarderClientOptions.HttpClientName, static http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = ConnectionLifetime })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);

    private static void Nothing<TOptions>(TOptions options)
    {
    }
}
