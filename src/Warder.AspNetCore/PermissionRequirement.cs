using Microsoft.AspNetCore.Authorization;

namespace Warder.AspNetCore;

/// <summary>The caller's key must have this permission effectively: granted, and still within what its owner may have.</summary>
/// <param name="Permission">A slug: <c>posts:read</c>.</param>
public sealed record PermissionRequirement(string Permission) : IAuthorizationRequirement;

/// <summary>Decides <see cref="PermissionRequirement"/> from the principal's claims, which are as fresh as the request.</summary>
internal sealed class PermissionHandler : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.User.HasPermission(requirement.Permission))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
