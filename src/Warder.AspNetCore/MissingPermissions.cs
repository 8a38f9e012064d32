using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Warder.AspNetCore;

/// <summary>Finds the permissions that a forbidden request's endpoint requires and its key lacks, for the answer's <c>scope</c>.</summary>
internal static class MissingPermissions
{
    public static async Task<IReadOnlyList<string>> OfAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata is not { } metadata)
            return [];
        // The same three sources that the authorization middleware combines.
        var policies = context.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>();
        var combined = await AuthorizationPolicy.CombineAsync(
            policies, metadata.GetOrderedMetadata<IAuthorizeData>(), metadata.GetOrderedMetadata<AuthorizationPolicy>());
        var direct = metadata.GetOrderedMetadata<IAuthorizationRequirementData>().SelectMany(data => data.GetRequirements());
        return
        [
            .. (combined?.Requirements ?? []).Concat(direct)
                .OfType<PermissionRequirement>()
                .Select(requirement => requirement.Permission)
                .Where(permission => !context.User.HasPermission(permission))
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
