using Microsoft.AspNetCore.Authorization;

namespace Warder.AspNetCore;

/// <summary>Requires that the caller's key has this effective permission: granted, and still within the owner's permissions.</summary>
/// <param name="Permission">A slug: <c>posts:read</c>.</param>
public sealed record PermissionRequirement(string Permission) : IAuthorizationRequirement;

/// <summary>Decides <see cref="PermissionRequirement"/> from the principal's claims, which each request's validation creates.</summary>
internal sealed class PermissionHandler : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.User.HasPermission(requirement.Permission))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
