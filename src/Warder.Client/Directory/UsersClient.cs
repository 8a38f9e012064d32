using Warder.Client.Lists;
using Warder.Client.Receipts;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Directory;
using Warder.Contracts.Keys;
using Warder.Contracts.Lists;

namespace Warder.Client.Directory;

/// <summary>Users: people. Reading needs <c>directory:read</c>, changing <c>directory:write</c>.</summary>
public sealed class UsersClient
{
    private readonly Connection connection;

    internal UsersClient(Connection connection) => this.connection = connection;

    /// <summary>Creates a user. An e-mail address of another user: 422 <c>email_not_available</c>.</summary>
    public Task<User> CreateAsync(CreateUserRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Create("user_management/users", request, WarderJson.Wire.CreateUserRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.User,
            cancellationToken);

    /// <summary>Lists one page of users.</summary>
    public Task<ListPage<User>> ListAsync(UserQuery? query = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get((query ?? new()).At("user_management/users")), WarderJson.Wire.ListPageUser, cancellationToken);

    /// <summary>Lists all users, page by page.</summary>
    public IAsyncEnumerable<User> ListAllAsync(UserQuery? query = null, CancellationToken cancellationToken = default)
        => Traversal.ListAllAsync(query ?? new(), ListAsync, cancellationToken);

    /// <summary>Gets one user.</summary>
    public Task<User> GetAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get(At(id)), WarderJson.Wire.User, cancellationToken);

    /// <summary>Gets the user with the caller's own id.</summary>
    public Task<User> GetByExternalIdAsync(string externalId, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Get($"user_management/users/external_id/{Target.Segment(externalId)}"), WarderJson.Wire.User, cancellationToken);

    /// <summary>Changes the fields that the request names.</summary>
    public Task<User> UpdateAsync(string id, UpdateUserRequest request, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Put, At(id), request, WarderJson.Wire.UpdateUserRequest), WarderJson.Wire.User, cancellationToken);

    /// <summary>Deletes the user, and ends their keys.</summary>
    public Task<Deletion> DeleteAsync(string id, CancellationToken cancellationToken = default)
        => connection.DeleteAsync(Call.Change(HttpMethod.Delete, At(id)), cancellationToken);

    /// <summary>Lists the keys that <see cref="DeleteAsync"/> would end; writes nothing.</summary>
    public Task<DryRun> PreviewDeleteAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Delete, $"{At(id)}?dry_run=true"), WarderJson.Wire.DryRun, cancellationToken);

    /// <summary>
    /// Erases a deleted user's personal values from the records and the log. A user that is not deleted: 409 <c>user_not_deleted</c>.
    /// </summary>
    public Task<Erasure> EraseAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Post, $"{At(id)}/erase"), WarderJson.Wire.Erasure, cancellationToken);

    private static string At(string id) => $"user_management/users/{Target.Segment(id)}";
}
