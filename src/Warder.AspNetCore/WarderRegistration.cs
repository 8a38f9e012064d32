using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Warder.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers API key authentication and permissions.</summary>
public static class WarderAuthenticationExtensions
{
    /// <summary>
    /// Registers API key authentication as the default scheme, and authorization. Protect endpoints by <see
    /// cref="WarderPermissionExtensions.RequirePermission"/> or <see cref="RequirePermissionAttribute"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options that the configuration does not set; see <see cref="WarderOptions"/>.</param>
    public static AuthenticationBuilder AddWarder(this IServiceCollection services, Action<WarderOptions>? configure = null)
        => services.AddAuthentication(WarderDefaults.Scheme).AddWarder(WarderDefaults.Scheme, configure);

    /// <summary>Registers the scheme alone, beside other schemes. An endpoint selects it by its policy's authentication schemes.</summary>
    /// <param name="builder">The application's authentication.</param>
    /// <param name="scheme">The scheme's name.</param>
    /// <param name="configure">Sets options that the configuration does not set.</param>
    public static AuthenticationBuilder AddWarder(
        this AuthenticationBuilder builder, string scheme = WarderDefaults.Scheme, Action<WarderOptions>? configure = null)
    {
        builder.Services.AddAuthorization();
        WarderServiceCollectionExtensions.AddWarderHttp(builder.Services);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, PermissionHandler>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<WarderOptions>, WarderOptionsCompletion>());
        builder.Services.AddOptions<WarderOptions>(scheme).ValidateOnStart();
        return builder.AddScheme<WarderOptions, WarderHandler>(scheme, configure);
    }
}
