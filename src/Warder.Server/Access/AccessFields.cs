using Warder.Core.Directory;
using Warder.Engine.Access;
using Warder.Server.Http;

namespace Warder.Server.Access;

/// <summary>Reads the fields that permissions and roles have in common.</summary>
internal static class AccessFields
{
    // Each of three, given twice.
    private const int MostOwnerTypes = 6;

    /// <summary>Reads a slug: lower-case letters and digits, and after the first character also <c>:._*-</c>.</summary>
    public static string Slug(JsonFields fields)
    {
        var slug = fields.Text("slug", Limits.SlugCharacters);
        var good = slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is ':' or '.' or '_' or '*' or '-');
        if (slug.Length > 0 && (!good || !char.IsAsciiLetterOrDigit(slug[0])))
            fields.Refuse("slug", "invalid_format", "Use a-z and 0-9, and after the first character also ':', '.', '_', '*' and '-'.");
        return slug;
    }

    /// <summary>Reads <c>allowed_owner_types</c>.</summary>
    /// <returns>Null: the member is missing.</returns>
    public static OwnerTypes? AllowedOwnerTypes(JsonFields fields)
    {
        if (fields.PatchTexts("allowed_owner_types", MostOwnerTypes, 32) is not { } names)
            return null;
        var allowed = OwnerTypes.None;
        for (var i = 0; i < names.Count; i++)
        {
            var type = AccessShapes.OwnerType(names[i]);
            if (type == OwnerTypes.None)
                fields.Refuse($"allowed_owner_types[{i}]", "invalid_value", "Must be organization, user or workload.");
            allowed |= type;
        }

        return allowed;
    }
}
