using Microsoft.AspNetCore.Authorization;
using Warder.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Requires permissions on minimal-API endpoints and in policies.</summary>
public static class WarderPermissionExtensions
{
    /// <summary>
    /// Requires that a request's key has all these permissions: <c>app.MapGet("/posts", …).RequirePermission("posts:read")</c>.
    /// </summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, params string[] permissions)
        where TBuilder : IEndpointConventionBuilder
        => builder.RequireAuthorization(new RequirePermissionAttribute(permissions));

    /// <summary>Requires these permissions in a named policy, for <c>[Authorize("…")]</c>.</summary>
    public static AuthorizationPolicyBuilder RequirePermission(this AuthorizationPolicyBuilder builder, params string[] permissions)
    {
        foreach (var permission in permissions)
            PermissionSlug.Check(permission);
        return builder.AddRequirements([.. permissions.Select(permission => new PermissionRequirement(permission))]);
    }
}
