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
        Domains = [.. organization.Domains.Select(Of)],
        CreatedAt = KeyShapes.Time(organization.CreatedAt),
        UpdatedAt = KeyShapes.Time(organization.UpdatedAt),
    };

    private static Contract.OrganizationDomain Of(Model.OrganizationDomain domain) => new()
    {
        Id = domain.Id,
        OrganizationId = domain.OrganizationId,
        Domain = domain.Domain,
        State = domain.State == Model.DomainState.Verified ? Contract.DomainState.Verified : Contract.DomainState.Pending,
        CreatedAt = KeyShapes.Time(domain.CreatedAt),
        UpdatedAt = KeyShapes.Time(domain.UpdatedAt),
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

    /// <summary>Converts a membership to the form that events have: without the person's own values.</summary>
    public static Contract.Membership Recorded(Model.Membership membership) => Of(membership) with { User = null };

    public static Contract.Membership Of(Model.Membership membership)
    {
        var role = new Contract.RoleReference(membership.RoleSlug);
        return new Contract.Membership
        {
            Id = membership.Id,
            UserId = membership.UserId,
            User = Of(membership.User),
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
