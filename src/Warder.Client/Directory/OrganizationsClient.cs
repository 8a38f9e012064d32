using Warder.Client.Lists;
using Warder.Client.Receipts;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Directory;
using Warder.Contracts.Keys;
using Warder.Contracts.Lists;

namespace Warder.Client.Directory;

/// <summary>Organizations: customers. Reading needs <c>directory:read</c>, changing <c>directory:write</c>.</summary>
public sealed class OrganizationsClient
{
    private readonly Connection connection;

    internal OrganizationsClient(Connection connection) => this.connection = connection;

    /// <summary>Creates an organization.</summary>
    public Task<Organization> CreateAsync(
        CreateOrganizationRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Create("organizations", request, WarderJson.Wire.CreateOrganizationRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.Organization,
            cancellationToken);

    /// <summary>Lists one page of organizations.</summary>
    public Task<ListPage<Organization>> ListAsync(OrganizationQuery? query = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Get((query ?? new()).At("organizations")), WarderJson.Wire.ListPageOrganization, cancellationToken);

    /// <summary>Lists all organizations, page by page.</summary>
    public IAsyncEnumerable<Organization> ListAllAsync(OrganizationQuery? query = null, CancellationToken cancellationToken = default)
        => Traversal.ListAllAsync(query ?? new(), ListAsync, cancellationToken);

    /// <summary>Gets one organization.</summary>
    public Task<Organization> GetAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get(At(id)), WarderJson.Wire.Organization, cancellationToken);

    /// <summary>Gets the organization with the caller's own id.</summary>
    public Task<Organization> GetByExternalIdAsync(string externalId, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Get($"organizations/external_id/{Target.Segment(externalId)}"), WarderJson.Wire.Organization, cancellationToken);

    /// <summary>Changes the fields that the request names.</summary>
    public Task<Organization> UpdateAsync(string id, UpdateOrganizationRequest request, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Put, At(id), request, WarderJson.Wire.UpdateOrganizationRequest),
            WarderJson.Wire.Organization,
            cancellationToken);

    /// <summary>Deletes the organization, and ends its keys and its members' keys.</summary>
    public Task<Deletion> DeleteAsync(string id, CancellationToken cancellationToken = default)
        => connection.DeleteAsync(Call.Change(HttpMethod.Delete, At(id)), cancellationToken);

    /// <summary>Lists the keys that <see cref="DeleteAsync"/> would end; writes nothing.</summary>
    public Task<DryRun> PreviewDeleteAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Delete, $"{At(id)}?dry_run=true"), WarderJson.Wire.DryRun, cancellationToken);

    private static string At(string id) => $"organizations/{Target.Segment(id)}";
}
