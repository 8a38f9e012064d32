using Warder.Client.Lists;
using Warder.Client.Receipts;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Access;
using Warder.Contracts.Lists;

namespace Warder.Client.Access;

/// <summary>Roles: named sets of permissions. Reading needs <c>permissions:read</c>, changing <c>permissions:write</c>.</summary>
public sealed class RolesClient
{
    private const string Path = "authorization/roles";
    private readonly Connection connection;

    internal RolesClient(Connection connection) => this.connection = connection;

    /// <summary>Creates a role, capped and empty. An existing slug: 409 <c>role_slug_conflict</c>.</summary>
    public Task<Role> CreateAsync(CreateRoleRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Create(Path, request, WarderJson.Wire.CreateRoleRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.Role,
            cancellationToken);

    /// <summary>Lists one page of roles.</summary>
    public Task<ListPage<Role>> ListAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get((query ?? new()).At(Path)), WarderJson.Wire.ListPageRole, cancellationToken);

    /// <summary>Lists all roles, page by page.</summary>
    public IAsyncEnumerable<Role> ListAllAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
        => Traversal.ListAllAsync(query ?? new(), ListAsync, cancellationToken);

    /// <summary>Gets one role.</summary>
    public Task<Role> GetAsync(string slug, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get(At(slug)), WarderJson.Wire.Role, cancellationToken);

    /// <summary>Changes the role's name or description.</summary>
    public Task<Role> UpdateAsync(string slug, UpdateRoleRequest request, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Patch, At(slug), request, WarderJson.Wire.UpdateRoleRequest), WarderJson.Wire.Role, cancellationToken);

    /// <summary>Replaces the role's permissions and caps the role, also with an empty list. The members' keys follow at once.</summary>
    public Task<Role> SetPermissionsAsync(string slug, IReadOnlyList<string> permissions, CancellationToken cancellationToken = default)
        => connection.SendAsync(Permissions(HttpMethod.Put, slug, permissions), WarderJson.Wire.Role, cancellationToken);

    /// <summary>Adds permissions to the role and caps it.</summary>
    public Task<Role> GrantAsync(string slug, IReadOnlyList<string> permissions, CancellationToken cancellationToken = default)
        => connection.SendAsync(Permissions(HttpMethod.Post, slug, permissions), WarderJson.Wire.Role, cancellationToken);

    /// <summary>Removes one permission from the role. The members' keys follow at once.</summary>
    public Task<Role> WithdrawAsync(string slug, string permission, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Delete, $"{At(slug)}/permissions/{Target.Segment(permission)}"),
            WarderJson.Wire.Role, cancellationToken);

    /// <summary>Deletes the role. A built-in role: 403 <c>role_built_in</c>; a role that a member holds: 409 <c>role_in_use</c>.</summary>
    public Task<Deletion> DeleteAsync(string slug, CancellationToken cancellationToken = default)
        => connection.DeleteAsync(Call.Change(HttpMethod.Delete, At(slug)), cancellationToken);

    private static string At(string slug) => $"{Path}/{Target.Segment(slug)}";

    private static Call Permissions(HttpMethod method, string slug, IReadOnlyList<string> permissions)
        => Call.Change(method, $"{At(slug)}/permissions", new() { Permissions = permissions }, WarderJson.Wire.RolePermissionsRequest);
}
