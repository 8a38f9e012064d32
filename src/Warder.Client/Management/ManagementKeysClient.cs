using Warder.Client.Lists;
using Warder.Client.Receipts;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Keys;
using Warder.Contracts.Lists;
using Warder.Contracts.Management;

namespace Warder.Client.Management;

/// <summary>
/// Management keys: keys with rights over Warder itself. Reading needs <c>management:read</c>, changing <c>management:write</c>. A
/// management key changes only keys with rights within its own.
/// </summary>
public sealed class ManagementKeysClient
{
    private const string Path = "management_keys";
    private readonly Connection connection;

    internal ManagementKeysClient(Connection connection) => this.connection = connection;

    /// <summary>Issues a management key. Rights beyond the caller's own: 422 <c>exceeds_grantor</c>.</summary>
    public async Task<IssuedManagementKey> CreateAsync(
        CreateManagementKeyRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => IssuedManagementKey.From(await connection.SendAsync(
            Call.Create(Path, request, WarderJson.Wire.CreateManagementKeyRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.ManagementKey,
            cancellationToken));

    /// <summary>One page.</summary>
    public Task<ListPage<ManagementKey>> ListAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get((query ?? new()).At(Path)), WarderJson.Wire.ListPageManagementKey, cancellationToken);

    /// <summary>All of them, page by page.</summary>
    public IAsyncEnumerable<ManagementKey> ListAllAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
        => Traversal.ListAllAsync(query ?? new(), ListAsync, cancellationToken);

    /// <summary>One management key.</summary>
    public Task<ManagementKey> GetAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get(At(id)), WarderJson.Wire.ManagementKey, cancellationToken);

    /// <summary>Changes what the request names.</summary>
    public Task<ManagementKey> UpdateAsync(string id, UpdateManagementKeyRequest request, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Patch, At(id), request, WarderJson.Wire.UpdateManagementKeyRequest),
            WarderJson.Wire.ManagementKey,
            cancellationToken);

    /// <summary>Gives the key a new secret; the earlier secrets work until the overlap ends.</summary>
    public async Task<IssuedManagementKey> RotateAsync(
        string id, RotateKeyRequest? request = null, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => IssuedManagementKey.From(await connection.SendAsync(
            Call.Create($"{At(id)}/rotate", request ?? new(), WarderJson.Wire.RotateKeyRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.ManagementKey,
            cancellationToken));

    /// <summary>Revokes the key for good. A revoked key stays unchanged.</summary>
    public Task<ManagementKey> RevokeAsync(string id, string? reason = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Post, $"{At(id)}/revoke", new ReasonRequest { Reason = reason }, WarderJson.Wire.ReasonRequest),
            WarderJson.Wire.ManagementKey,
            cancellationToken);

    /// <summary>Deletes the key, which ends it for good. A deleted key: 404.</summary>
    public Task<Deletion> DeleteAsync(string id, CancellationToken cancellationToken = default)
        => connection.DeleteAsync(Call.Change(HttpMethod.Delete, At(id)), cancellationToken);

    /// <summary>
    /// Ends one secret of the key; its other secrets work on. The last one that works: 409 <c>last_live_secret</c>; an ended one: 404.
    /// </summary>
    public Task<Deletion> DeleteSecretAsync(string id, string secretId, CancellationToken cancellationToken = default)
        => connection.DeleteAsync(
            Call.Change(HttpMethod.Delete, $"{At(id)}/secrets/{Target.Segment(secretId)}"), cancellationToken);

    private static string At(string id) => $"{Path}/{Target.Segment(id)}";
}
