using Warder.Server.Tests.Hosting;
using Route = Warder.Server.Http.Route;

namespace Warder.Server.Tests.Http;

/// <summary>Gives one accepted body for each route that takes one: a new route needs an entry here for the table-driven tests.</summary>
internal static class Bodies
{
    public const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static object? For(Route route, Fixture own)
    {
        if (route.Request is null)
            return null;
        return $"{route.Method} {route.Pattern}" switch
        {
            "POST /organizations/{organizationId}/api_keys" => new { name = "k" },
            "POST /user_management/users/{userId}/api_keys" => new { name = "k", organization_id = own.Organization },
            "POST /api_keys/validations" => new { value = own.KeyValue },
            "POST /api_keys/validations/batch" => new { validations = new[] { new { value = own.KeyValue } } },
            "POST /api_keys/imports" => Import(new { type = "organization", id = own.Organization }),
            "POST /import_schemes" => new { prefix = "new_", length = 40, alphabet = "base62" },
            "PATCH /api_keys/{id}" => new { name = "n" },
            "POST /api_keys/{id}/rotate" or "POST /api_keys/{id}/expire" or "POST /api_keys/{id}/revoke" => new { },
            "POST /api_keys/{id}/suspend" or "POST /api_keys/{id}/resume" => new { },
            "POST /organizations" => new { name = "n" },
            "PUT /organizations/{id}" => new { name = "n" },
            "POST /user_management/users" => new { email = "new@example.com" },
            "PUT /user_management/users/{id}" => new { first_name = "n" },
            "POST /user_management/organization_memberships" => new { user_id = own.User, organization_id = own.Organization },
            "PUT /user_management/organization_memberships/{id}" => new { role_slug = "admin" },
            "POST /authorization/permissions" => new { slug = "new", name = "n" },
            "PATCH /authorization/permissions/{slug}" => new { name = "n" },
            "POST /authorization/roles" => new { slug = "new", name = "n" },
            "PATCH /authorization/roles/{slug}" => new { name = "n" },
            "PUT /authorization/roles/{slug}/permissions" or "POST /authorization/roles/{slug}/permissions"
                => new { permissions = new[] { own.Permission } },
            "POST /management_keys" => new { name = "n", rights = new[] { "keys:read" } },
            "PATCH /management_keys/{id}" => new { name = "n" },
            "POST /management_keys/{id}/rotate" or "POST /management_keys/{id}/revoke" => new { },
            "POST /environments" => new { name = "n", key_prefix = "new" },
            "PATCH /environments/{id}" => new { name = "n" },
            var other => throw new ArgumentOutOfRangeException(nameof(route), other, "Say here what body it takes."),
        };
    }

    /// <summary>Builds an import of one key.</summary>
    public static object Import(object owner, string? permission = null, string? responsible = null, string digest = Digest) => new
    {
        scheme = new { prefix = "old_", length = 32, alphabet = "base62" },
        api_keys = new[]
        {
            new
            {
                value_sha256 = digest, last_four = "abcd", owner, name = "imported",
                permissions = permission is null ? Array.Empty<string>() : [permission], responsible_user_id = responsible,
            },
        },
    };
}
