using Microsoft.AspNetCore.Authorization;

namespace Warder.AspNetCore;

/// <summary>
/// Requires that a request's key has all these permissions. Applies to controllers, actions and endpoints; several attributes add up.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = true)]
public sealed class RequirePermissionAttribute : AuthorizeAttribute, IAuthorizationRequirementData
{
    /// <summary>Requires these slugs.</summary>
    /// <exception cref="ArgumentException">There is no slug, or one is malformed.</exception>
    public RequirePermissionAttribute(params string[] permissions)
    {
        if (permissions.Length == 0)
            throw new ArgumentException("Name at least one permission; to demand only a good key, use [Authorize].", nameof(permissions));
        foreach (var permission in permissions)
            PermissionSlug.Check(permission);
        Permissions = permissions;
    }

    /// <summary>The required permissions.</summary>
    public IReadOnlyList<string> Permissions { get; }

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements()
        => Permissions.Select(permission => new PermissionRequirement(permission));
}

/// <summary>Checks slugs where they are declared, because a refusal writes them into a header's quoted string.</summary>
internal static class PermissionSlug
{
    public static void Check(string permission)
    {
        if (permission.Length is 0 or > 48
            || !permission.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is ':' or '.' or '_' or '*' or '-'))
            throw new ArgumentException(
                $"\"{permission}\" is no permission: up to 48 of a-z0-9:._*-, such as posts:read.", nameof(permission));
    }
}
