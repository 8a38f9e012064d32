using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Warder.Client;
using Warder.Testing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts a verifier for tests in the place of the application's own.</summary>
public static class WarderTestingServiceCollectionExtensions
{
    /// <summary>
    /// Has the application decide by this verifier. It needs no server, address or management key then. Call it behind the application's
    /// own registrations, such as in <c>ConfigureTestServices</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="warder">The verifier, which the test keeps to issue keys by.</param>
    public static IServiceCollection AddWarderTesting(this IServiceCollection services, TestWarder warder)
    {
        services.RemoveAll<IWarderVerifier>();
        // The application's own verifier is not made, so its options need not be right.
        services.RemoveAll<IValidateOptions<WarderVerifierOptions>>();
        return services.AddSingleton<IWarderVerifier>(warder);
    }
}
