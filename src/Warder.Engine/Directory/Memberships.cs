using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage.Access;
using Warder.Storage.Directory;

namespace Warder.Engine.Directory;

/// <summary>The requested properties of a new membership.</summary>
/// <param name="UserId">The user.</param>
/// <param name="OrganizationId">The organization.</param>
/// <param name="RoleSlug">The member's role; null: the default role.</param>
internal sealed record MembershipProperties(string UserId, string OrganizationId, string? RoleSlug);

/// <summary>Memberships: the users' places in organizations.</summary>
internal static class Memberships
{
    private const string DefaultRole = "member";

    /// <summary>Makes a user a member.</summary>
    public static Task<Result<Answer>> Create(ChangeContext changes, MembershipProperties properties)
    {
        var (userId, organizationId) = (properties.UserId, properties.OrganizationId);
        var slug = properties.RoleSlug ?? DefaultRole;
        return changes.Change(context =>
        {
            if (UserTable.Find(context.Session, changes.Environment, userId) is not { } user)
                return Fault.Field("user_id", "not_found", "There is no such user.");
            if (OrganizationTable.Find(context.Session, changes.Environment, organizationId) is not { } organization)
                return Fault.Field("organization_id", "not_found", "There is no such organization.");
            if (RoleTable.Find(context.Session, changes.Environment, slug) is not { } role)
                return Fault.Field("role_slug", "not_found", "There is no such role.");
            if (MembershipTable.Find(context.Session, changes.Environment, userId, organizationId) is not null)
                return Fault.Conflict("organization_membership_already_exists", "The user is a member of this organization already.");
            var membership = new Membership
            {
                Id = changes.NewId(IdKind.Membership, context),
                Environment = changes.Environment,
                UserId = userId,
                User = user,
                OrganizationId = organizationId,
                OrganizationName = organization.Name,
                RoleId = role.Id,
                RoleSlug = role.Slug,
                Status = MembershipStatus.Active,
                CreatedAt = context.Now,
                UpdatedAt = context.Now,
            };
            MembershipTable.Insert(context.Session, membership);
            var data = EventData.Of(DirectoryShapes.Recorded(membership), WarderJson.Wire.Membership);
            changes.Append(context, EventTypes.MembershipCreated, data, organizationId);
            return Answer.Created(DirectoryShapes.Of(membership), WarderJson.Wire.Membership);
        });
    }
}
