using System.Security.Claims;
using Warder.Contracts.Keys;

namespace Warder.AspNetCore;

/// <summary>The claims of a principal that an API key authenticates.</summary>
public static class WarderClaims
{
    /// <summary>The key's id: <c>api_key_…</c>. The identity's name is the key's name.</summary>
    public const string KeyId = "warder:key_id";

    /// <summary>The key's name.</summary>
    public const string KeyName = "warder:key_name";

    /// <summary>The type of the key's owner: <c>organization</c> or <c>user</c>.</summary>
    public const string OwnerType = "warder:owner_type";

    /// <summary>The organization's or the user's id.</summary>
    public const string OwnerId = "warder:owner_id";

    /// <summary>The organization: the owner itself, or the one in which the user holds the key.</summary>
    public const string OrganizationId = "warder:organization_id";

    /// <summary>One effective permission; one claim for each.</summary>
    public const string Permission = "warder:permission";

    /// <summary>Whether the key of the principal has this effective permission.</summary>
    public static bool HasPermission(this ClaimsPrincipal principal, string permission) => principal.HasClaim(Permission, permission);

    internal static ClaimsPrincipal Principal(ValidatedKey key, string scheme)
    {
        var identity = new ClaimsIdentity(scheme, KeyName, ClaimTypes.Role);
        identity.AddClaim(new Claim(KeyId, key.Id));
        identity.AddClaim(new Claim(KeyName, key.Name));
        identity.AddClaim(new Claim(OwnerType, key.Owner.Type));
        identity.AddClaim(new Claim(OwnerId, key.Owner.Id));
        if ((key.Owner.Type == OwnerTypes.Organization ? key.Owner.Id : key.Owner.OrganizationId) is { } organization)
            identity.AddClaim(new Claim(OrganizationId, organization));
        identity.AddClaims(key.Permissions.Select(permission => new Claim(Permission, permission)));
        return new ClaimsPrincipal(identity);
    }
}
