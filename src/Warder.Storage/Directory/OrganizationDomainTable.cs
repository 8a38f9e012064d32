using System.Data.Common;
using System.Globalization;
using Warder.Core.Directory;

namespace Warder.Storage.Directory;

/// <summary>The table <c>organization_domains</c>: each domain of an environment has one row.</summary>
public static class OrganizationDomainTable
{
    private const string Living =
        "SELECT d.organization_id FROM organization_domains d"
        + " JOIN organizations o ON o.environment = d.environment AND o.id = d.organization_id AND o.deleted_at IS NULL"
        + " WHERE d.environment = $1 AND d.domain";

    /// <summary>The domains of an organization, the oldest first.</summary>
    public static Deferred<OrganizationDomain> DeferOf(Session session, int environment, string organizationId)
        => session.Defer(
            "SELECT id, organization_id, domain, state, created_at, updated_at FROM organization_domains"
            + " WHERE environment = $1 AND organization_id = $2 ORDER BY id",
            Map, environment, organizationId);

    /// <summary>The living organization that has a domain; null when none has.</summary>
    public static string? OwnerOf(Session session, int environment, string domain)
        => session.First(Living + " = $2", static row => row.GetString(0), environment, domain);

    /// <summary>The living organizations that have one of these domains.</summary>
    public static IReadOnlyList<string> OwnersOf(Session session, int environment, IReadOnlyList<string> domains)
        => session.All(
            $"{Living} IN ({string.Join(", ", domains.Select(static (_, i) => "$" + (i + 2).ToString(CultureInfo.InvariantCulture)))})",
            static row => row.GetString(0), [environment, .. domains]);

    /// <summary>Adds a domain that no living organization has. The row of a deleted organization goes.</summary>
    public static void Insert(Session session, int environment, OrganizationDomain domain)
    {
        session.Write("DELETE FROM organization_domains WHERE environment = $1 AND domain = $2 AND EXISTS ("
            + "SELECT 1 FROM organizations o WHERE o.environment = organization_domains.environment"
            + " AND o.id = organization_domains.organization_id AND o.deleted_at IS NOT NULL)", environment, domain.Domain);
        session.Write(
            "INSERT INTO organization_domains (environment, domain, id, organization_id, state, created_at, updated_at)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            environment, domain.Domain, domain.Id, domain.OrganizationId, (int)domain.State,
            domain.CreatedAt.UnixMilliseconds, domain.UpdatedAt.UnixMilliseconds);
    }

    /// <summary>Writes the columns that may change.</summary>
    public static void Update(Session session, int environment, OrganizationDomain domain)
        => session.Write(
            "UPDATE organization_domains SET state = $1, updated_at = $2 WHERE environment = $3 AND domain = $4",
            (int)domain.State, domain.UpdatedAt.UnixMilliseconds, environment, domain.Domain);

    /// <summary>Removes a domain.</summary>
    public static void Delete(Session session, int environment, OrganizationDomain domain)
        => session.Write("DELETE FROM organization_domains WHERE environment = $1 AND domain = $2", environment, domain.Domain);

    /// <summary>Removes the domains of a deleted organization.</summary>
    public static void DeleteOf(Session session, Organization organization)
        => session.Write(
            "DELETE FROM organization_domains WHERE environment = $1 AND organization_id = $2", organization.Environment, organization.Id);

    private static OrganizationDomain Map(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        OrganizationId = row.GetString(1),
        Domain = row.GetString(2),
        State = (DomainState)row.GetInt32(3),
        CreatedAt = row.Time(4),
        UpdatedAt = row.Time(5),
    };
}
