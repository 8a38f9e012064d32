using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Warder.Client;
using Warder.Testing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Replaces the application's verifier by one for tests.</summary>
public static class WarderTestingServiceCollectionExtensions
{
    /// <summary>
    /// Registers this verifier in place of the application's own, so that the application needs no server, address or management key. Call
    /// it after the application's own registrations, such as in <c>ConfigureTestServices</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="warder">The verifier, by which the test issues keys.</param>
    public static IServiceCollection AddWarderTesting(this IServiceCollection services, TestWarder warder)
    {
        services.RemoveAll<IWarderVerifier>();
        // The application's own verifier is not created, so its options need not be valid.
        services.RemoveAll<IValidateOptions<WarderVerifierOptions>>();
        return services.AddSingleton<IWarderVerifier>(warder);
    }
}
