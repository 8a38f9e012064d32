using Warder.Client.Lists;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Management;

namespace Warder.Client.Management;

/// <summary>
/// Environments: isolated worlds of data, of the whole instance. Reading needs <c>environments:read</c>, changing
/// <c>environments:write</c>.
/// </summary>
public sealed class EnvironmentsClient
{
    private readonly Connection connection;

    internal EnvironmentsClient(Connection connection) => this.connection = connection;

    /// <summary>
    /// Creates an environment with its first management key. A prefix that any environment ever had: 409 <c>key_prefix_taken</c>.
    /// </summary>
    public async Task<CreatedEnvironment> CreateAsync(
        CreateEnvironmentRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => CreatedEnvironment.From(await connection.SendAsync(
            Call.Create("environments", request, WarderJson.Wire.CreateEnvironmentRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.WarderEnvironment,
            cancellationToken));

    /// <summary>One page.</summary>
    public Task<ListPage<WarderEnvironment>> ListAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Get((query ?? new()).At("environments")), WarderJson.Wire.ListPageWarderEnvironment, cancellationToken);

    /// <summary>All of them, page by page.</summary>
    public IAsyncEnumerable<WarderEnvironment> ListAllAsync(ListQuery? query = null, CancellationToken cancellationToken = default)
        => Traversal.ListAllAsync(query ?? new(), ListAsync, cancellationToken);

    /// <summary>One environment.</summary>
    public Task<WarderEnvironment> GetAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get(At(id)), WarderJson.Wire.WarderEnvironment, cancellationToken);

    /// <summary>Changes one: a merge patch.</summary>
    public Task<WarderEnvironment> UpdateAsync(string id, UpdateEnvironmentRequest request, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Patch, At(id), request, WarderJson.Wire.UpdateEnvironmentRequest),
            WarderJson.Wire.WarderEnvironment,
            cancellationToken);

    private static string At(string id) => $"environments/{Target.Segment(id)}";
}
