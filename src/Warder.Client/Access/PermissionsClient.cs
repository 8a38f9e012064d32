using Warder.Client.Lists;
using Warder.Client.Receipts;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Access;
using Warder.Contracts.Lists;

namespace Warder.Client.Access;

/// <summary>Registered permissions. Reading needs <c>permissions:read</c>, changing <c>permissions:write</c>.</summary>
public sealed class PermissionsClient
{
    private const string Path = "authorization/permissions";
    private readonly Connection connection;

    internal PermissionsClient(Connection connection) => this.connection = connection;

    /// <summary>Registers a permission. A registered slug: 409 <c>permission_slug_conflict</c>.</summary>
    public Task<Permission> CreateAsync(
        CreatePermissionRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Create(Path, request, WarderJson.Wire.CreatePermissionRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.Permission,
            cancellationToken);

    /// <summary>Lists one page of permissions.</summary>
    public Task<ListPage<Permission>> ListAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get((query ?? new()).At(Path)), WarderJson.Wire.ListPagePermission, cancellationToken);

    /// <summary>Lists all permissions, page by page.</summary>
    public IAsyncEnumerable<Permission> ListAllAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
        => Traversal.ListAllAsync(query ?? new(), ListAsync, cancellationToken);

    /// <summary>Gets one permission.</summary>
    public Task<Permission> GetAsync(string slug, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get(At(slug)), WarderJson.Wire.Permission, cancellationToken);

    /// <summary>Changes the fields that the request names.</summary>
    public Task<Permission> UpdateAsync(string slug, UpdatePermissionRequest request, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Patch, At(slug), request, WarderJson.Wire.UpdatePermissionRequest),
            WarderJson.Wire.Permission,
            cancellationToken);

    /// <summary>Deletes a permission from every key and role. Registering the slug again does not restore it to them.</summary>
    public Task<Deletion> DeleteAsync(string slug, CancellationToken cancellationToken = default)
        => connection.DeleteAsync(Call.Change(HttpMethod.Delete, At(slug)), cancellationToken);

    private static string At(string slug) => $"{Path}/{Target.Segment(slug)}";
}
