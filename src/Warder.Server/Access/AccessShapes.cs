using Warder.Core.Directory;
using Warder.Server.Http;
using Warder.Server.Keys;
using Contract = Warder.Contracts.Access;
using Model = Warder.Core.Access;

namespace Warder.Server.Access;

/// <summary>From permissions and roles as they are to how they are shown; and what both read from a body.</summary>
internal static class AccessShapes
{
    /// <summary>What permissions and roles are about, unless they say otherwise.</summary>
    public const string DefaultResourceType = "organization";

    private static readonly (OwnerTypes Type, string Name)[] Owners =
        [(OwnerTypes.Organization, "organization"), (OwnerTypes.User, "user"), (OwnerTypes.Workload, "workload")];

    public static Contract.Permission Of(Model.Permission permission) => new()
    {
        Id = permission.Id,
        Slug = permission.Slug,
        Name = permission.Name,
        Description = permission.Description,
        ResourceTypeSlug = permission.ResourceTypeSlug,
        AllowedOwnerTypes = [.. Owners.Where(owner => (permission.AllowedOwnerTypes & owner.Type) != 0).Select(owner => owner.Name)],
        CreatedAt = KeyShapes.Time(permission.CreatedAt),
        UpdatedAt = KeyShapes.Time(permission.UpdatedAt),
    };

    public static Contract.Role Of(Model.Role role) => new()
    {
        Id = role.Id,
        Slug = role.Slug,
        Name = role.Name,
        Description = role.Description,
        ResourceTypeSlug = role.ResourceTypeSlug,
        Capped = role.Capped,
        Permissions = [.. role.Permissions.Select(permission => permission.Slug)],
        CreatedAt = KeyShapes.Time(role.CreatedAt),
        UpdatedAt = KeyShapes.Time(role.UpdatedAt),
    };

    /// <summary>A slug: letters and digits in lower case, then also <c>:._*-</c>.</summary>
    public static string Slug(JsonFields fields)
    {
        var slug = fields.Text("slug", Limits.SlugCharacters);
        var good = slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is ':' or '.' or '_' or '*' or '-');
        if (slug.Length > 0 && (!good || !char.IsAsciiLetterOrDigit(slug[0])))
            fields.Refuse("slug", "invalid_format", "Use a-z and 0-9, and after the first character also ':', '.', '_', '*' and '-'.");
        return slug;
    }

    /// <summary><c>allowed_owner_types</c>; null when it is not there.</summary>
    public static OwnerTypes? AllowedOwnerTypes(JsonFields fields)
    {
        if (fields.OptionalTexts("allowed_owner_types", Owners.Length * 2, 32) is not { } names)
            return null;
        var allowed = OwnerTypes.None;
        for (var i = 0; i < names.Count; i++)
        {
            var type = Array.Find(Owners, owner => owner.Name == names[i]).Type;
            if (type == OwnerTypes.None)
                fields.Refuse($"allowed_owner_types[{i}]", "invalid_value", "Must be organization, user or workload.");
            allowed |= type;
        }

        return allowed;
    }
}
