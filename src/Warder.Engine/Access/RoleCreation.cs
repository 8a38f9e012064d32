using Warder.Contracts;
using Warder.Core.Access;
using Warder.Core.Events;
using Warder.Core.Ids;
using Warder.Engine.Events;
using Warder.Storage.Access;
using Warder.Storage.Journal;

namespace Warder.Engine.Access;

/// <summary>Adds roles.</summary>
internal static class RoleCreation
{
    /// <summary>The roles that every new environment has.</summary>
    public static readonly IReadOnlyList<(string Slug, string Name)> BuiltIn = [("admin", "Admin"), ("member", "Member")];

    /// <summary>Adds a role: capped and empty, unless it is built in.</summary>
    public static Role Add(
        EventContext changes, CommandContext context, string slug, string name, string? description, string? resourceType, bool builtIn)
    {
        var role = new Role
        {
            Id = changes.NewId(IdKind.Role, context),
            Environment = changes.Environment,
            Slug = slug,
            Name = name,
            Description = description,
            ResourceTypeSlug = resourceType ?? AccessShapes.DefaultResourceType,
            Capped = !builtIn,
            BuiltIn = builtIn,
            CreatedAt = context.Now,
            UpdatedAt = context.Now,
        };
        RoleTable.Insert(context.Session, role);
        changes.Append(context, EventTypes.RoleCreated, EventData.Of(AccessShapes.Of(role), WarderJson.Wire.Role), null);
        return role;
    }
}
