using Warder.Cli.Output;
using Warder.Contracts.Directory;

namespace Warder.Cli.Commands.Memberships;

/// <summary>Memberships as people see them.</summary>
internal static class MembershipView
{
    public static readonly IReadOnlyList<Field<Membership>> Fields =
    [
        new("id", membership => membership.Id, InList: true),
        new("user_id", membership => membership.UserId, InList: true),
        new("organization_id", membership => membership.OrganizationId, InList: true),
        new("organization_name", membership => membership.OrganizationName, InList: true),
        new("role", membership => membership.Role.Slug, InList: true),
        new("status", membership => membership.Status, InList: true),
        new("created_at", membership => Shown.Time(membership.CreatedAt)),
        new("updated_at", membership => Shown.Time(membership.UpdatedAt)),
    ];
}
