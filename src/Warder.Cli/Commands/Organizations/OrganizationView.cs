using Warder.Cli.Output;
using Warder.Contracts.Directory;

namespace Warder.Cli.Commands.Organizations;

/// <summary>Organizations as people see them.</summary>
internal static class OrganizationView
{
    public static readonly IReadOnlyList<Field<Organization>> Fields =
    [
        new("id", organization => organization.Id, InList: true),
        new("name", organization => organization.Name, InList: true),
        new("external_id", organization => organization.ExternalId, InList: true),
        new("metadata", organization => Shown.Pairs(organization.Metadata)),
        new("created_at", organization => Shown.Time(organization.CreatedAt), InList: true),
        new("updated_at", organization => Shown.Time(organization.UpdatedAt)),
    ];
}
