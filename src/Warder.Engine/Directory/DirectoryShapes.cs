using Warder.Engine.Keys;
using Contract = Warder.Contracts.Directory;
using Model = Warder.Core.Directory;

namespace Warder.Engine.Directory;

/// <summary>Converts the directory's objects to the form that answers show.</summary>
internal static class DirectoryShapes
{
    public static Contract.Organization Of(Model.Organization organization) => new()
    {
        Id = organization.Id,
        Name = organization.Name,
        ExternalId = organization.ExternalId,
        Metadata = organization.Metadata,
        CreatedAt = KeyShapes.Time(organization.CreatedAt),
        UpdatedAt = KeyShapes.Time(organization.UpdatedAt),
    };

    public static Contract.User Of(Model.User user) => new()
    {
        Id = user.Id,
        Email = user.Email,
        FirstName = user.FirstName,
        LastName = user.LastName,
        EmailVerified = user.EmailVerified,
        ExternalId = user.ExternalId,
        Metadata = user.Metadata,
        CreatedAt = KeyShapes.Time(user.CreatedAt),
        UpdatedAt = KeyShapes.Time(user.UpdatedAt),
    };

    public static Contract.Membership Of(Model.Membership membership)
    {
        var role = new Contract.RoleReference(membership.RoleSlug);
        return new Contract.Membership
        {
            Id = membership.Id,
            UserId = membership.UserId,
            OrganizationId = membership.OrganizationId,
            OrganizationName = membership.OrganizationName,
            Status = membership.Status == Model.MembershipStatus.Active
                ? Contract.MembershipStatus.Active
                : Contract.MembershipStatus.Inactive,
            Role = role,
            Roles = [role],
            CreatedAt = KeyShapes.Time(membership.CreatedAt),
            UpdatedAt = KeyShapes.Time(membership.UpdatedAt),
        };
    }
}
