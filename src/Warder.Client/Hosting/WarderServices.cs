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
    /// Registers <see cref="WarderClient"/> as a singleton over <c>IHttpClientFactory</c>. Handlers are added to the returned builder.
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

    /// <summary>Registers <see cref="WarderClient"/> with options from a section of the configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">A section with the member names of <see cref="WarderClientOptions"/>.</param>
    public static IHttpClientBuilder AddWarderClient(this IServiceCollection services, IConfiguration section)
    {
        services.Configure<WarderClientOptions>(section);
        return services.AddWarderClient();
    }

    /// <summary>
    /// Registers <see cref="WarderVerifier"/> as a singleton, also as <see cref="IWarderVerifier"/>. The verifier connects when the
    /// container first creates it.
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

    /// <summary>Registers <see cref="WarderVerifier"/> with options from a section of the configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">A section with the member names of <see cref="WarderVerifierOptions"/>.</param>
    public static IServiceCollection AddWarderVerifier(this IServiceCollection services, IConfiguration section)
    {
        services.Configure<WarderVerifierOptions>(section);
        return services.AddWarderVerifier();
    }

    /// <summary>Registers the named HTTP client alone.</summary>
    internal static IHttpClientBuilder AddWarderHttp(IServiceCollection services)
        // The client and its handlers live as long as the application, so connections are renewed to follow a change of address. Redirects
        // are not followed: they would send the management key to another host.
        => services.AddHttpClient(WarderClientOptions.HttpClientName, static http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(
                static () => new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = ConnectionLifetime })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);

    private static void Nothing<TOptions>(TOptions options)
    {
    }
}
