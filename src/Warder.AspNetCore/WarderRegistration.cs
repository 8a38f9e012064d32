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
    /// All that an API needs whose callers hold keys: the scheme, as the default one, and authorization. Protect endpoints by
    /// <see cref="WarderPermissionExtensions.RequirePermission"/> or <see cref="RequirePermissionAttribute"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets what the configuration does not say; see <see cref="WarderOptions"/>.</param>
    public static AuthenticationBuilder AddWarder(this IServiceCollection services, Action<WarderOptions>? configure = null)
        => services.AddAuthentication(WarderDefaults.Scheme).AddWarder(WarderDefaults.Scheme, configure);

    /// <summary>The scheme alone, beside others. Endpoints say which by their policy's authentication schemes.</summary>
    /// <param name="builder">The application's authentication.</param>
    /// <param name="scheme">Its name.</param>
    /// <param name="configure">Sets what the configuration does not say.</param>
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
