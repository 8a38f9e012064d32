using System.Data.Common;
using Warder.Core.Directory;
using Warder.Core.Time;
using Warder.Storage.Lists;

namespace Warder.Storage.Directory;

/// <summary>
/// The table <c>organizations</c>. A deleted organization keeps its row, from which its keys show why they ended. Reads leave it out.
/// </summary>
public static class OrganizationTable
{
    private const string Select = "SELECT environment, id, name, external_id, metadata, created_at, updated_at FROM organizations";

    /// <summary>Finds an organization by id; null when there is none.</summary>
    public static Organization? Find(Session session, int environment, string id, RowLock mode = RowLock.Share)
        => WithDomains(session, session.First(
            session.Locked(Select + " WHERE environment = $1 AND id = $2 AND deleted_at IS NULL", mode), Map, environment, id));

    /// <summary>One, by the customer's own id.</summary>
    public static Organization? FindByExternalId(Session session, int environment, string externalId)
        => WithDomains(session, session.First(
            Select + " WHERE environment = $1 AND external_id = $2 AND deleted_at IS NULL", Map, environment, externalId));

    /// <summary>Whether an organization of this id exists or existed: a cursor may name it.</summary>
    public static bool Existed(Session session, int environment, string id)
        => session.Number("SELECT COUNT(*) FROM organizations WHERE environment = $1 AND id = $2", environment, id) > 0;

    /// <summary>Reads a page of organizations, with their domains.</summary>
    /// <param name="session">Any session.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="search">A text in the name; null: any name.</param>
    /// <param name="domains">Domains, of which an organization has one; null: with any domains, or none.</param>
    /// <param name="page">The page.</param>
    public static Page<Organization> List(
        Session session, int environment, string? search, IReadOnlyList<string>? domains, PageRequest page)
    {
        var query = new ListQuery(Select, "organizations", "id", "environment = ?", environment);
        if (domains is not null)
        {
            // A domain belongs to one organization, so these are at most as many as the domains.
            var ids = OrganizationDomainTable.OwnersOf(session, environment, domains);
            if (ids.Count == 0)
                return new Page<Organization>([], false, false);
            query = new ListQuery(
                Select, "organizations", "id", $"environment = ? AND id IN ({string.Join(", ", ids.Select(static _ => "?"))})",
                [environment, .. ids]);
        }

        return query.Where("deleted_at IS NULL")
            // Not LIKE: its time grows with the product of both lengths, step by step.
            .WhereIf(search, session.Dialect.Position + "(LOWER(name), LOWER(?)) > 0")
            .Page(session, page, Map, static organization => organization.Id)
            .Select(organization => (
                Organization: organization, Domains: OrganizationDomainTable.DeferOf(session, environment, organization.Id)))
            .Select(static deferred => deferred.Organization with { Domains = deferred.Domains.Rows });
    }

    /// <summary>Adds an organization.</summary>
    public static void Insert(Session session, Organization organization)
        => session.Write(
            "INSERT INTO organizations (environment, id, name, external_id, metadata, created_at, updated_at)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            organization.Environment, organization.Id, organization.Name, organization.ExternalId, Metadata.Write(organization.Metadata),
            organization.CreatedAt.UnixMilliseconds, organization.UpdatedAt.UnixMilliseconds);

    /// <summary>Writes the columns that may change.</summary>
    public static void Update(Session session, Organization organization)
        => session.Write(
            "UPDATE organizations SET name = $1, external_id = $2, metadata = $3, updated_at = $4 WHERE environment = $5 AND id = $6",
            organization.Name, organization.ExternalId, Metadata.Write(organization.Metadata), organization.UpdatedAt.UnixMilliseconds,
            organization.Environment, organization.Id);

    /// <summary>Deletes an organization.</summary>
    public static void Delete(Session session, Organization organization, Instant now)
        => session.Write(
            "UPDATE organizations SET deleted_at = $1 WHERE environment = $2 AND id = $3",
            now.UnixMilliseconds, organization.Environment, organization.Id);

    private static Organization? WithDomains(Session session, Organization? organization)
        => organization is null
            ? null
            : organization with { Domains = OrganizationDomainTable.DeferOf(session, organization.Environment, organization.Id).Rows };

    private static Organization Map(DbDataReader row) => new()
    {
        Environment = row.GetInt32(0),
        Id = row.GetString(1),
        Name = row.GetString(2),
        ExternalId = row.TextOrNull(3),
        Metadata = Metadata.Read(row.GetString(4)),
        CreatedAt = row.Time(5),
        UpdatedAt = row.Time(6),
    };
}
