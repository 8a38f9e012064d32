using Warder.Client.Lists;
using Warder.Client.Receipts;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Directory;
using Warder.Contracts.Keys;
using Warder.Contracts.Lists;

namespace Warder.Client.Directory;

/// <summary>Memberships: users' places in organizations. Reading needs <c>directory:read</c>, changing <c>directory:write</c>.</summary>
public sealed class MembershipsClient
{
    private const string Path = "user_management/organization_memberships";
    private readonly Connection connection;

    internal MembershipsClient(Connection connection) => this.connection = connection;

    /// <summary>Makes a user a member. An existing membership: 409 <c>organization_membership_already_exists</c>.</summary>
    public Task<Membership> CreateAsync(
        CreateMembershipRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Create(Path, request, WarderJson.Wire.CreateMembershipRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.Membership,
            cancellationToken);

    /// <summary>Lists one page of memberships.</summary>
    public Task<ListPage<Membership>> ListAsync(MembershipQuery? query = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get((query ?? new()).At(Path)), WarderJson.Wire.ListPageMembership, cancellationToken);

    /// <summary>Lists all memberships, page by page.</summary>
    public IAsyncEnumerable<Membership> ListAllAsync(MembershipQuery? query = null, CancellationToken cancellationToken = default)
        => Traversal.ListAllAsync(query ?? new(), ListAsync, cancellationToken);

    /// <summary>Gets one membership.</summary>
    public Task<Membership> GetAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get(At(id)), WarderJson.Wire.Membership, cancellationToken);

    /// <summary>Changes the member's role. The effective permissions of the member's keys follow at once.</summary>
    public Task<Membership> UpdateAsync(string id, UpdateMembershipRequest request, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Put, At(id), request, WarderJson.Wire.UpdateMembershipRequest),
            WarderJson.Wire.Membership,
            cancellationToken);

    /// <summary>Suspends the membership and the member's keys. An inactive membership stays unchanged.</summary>
    public Task<Membership> DeactivateAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Put, $"{At(id)}/deactivate"), WarderJson.Wire.Membership, cancellationToken);

    /// <summary>Lists the keys that <see cref="DeactivateAsync"/> would suspend; writes nothing.</summary>
    public Task<DryRun> PreviewDeactivateAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Put, $"{At(id)}/deactivate?dry_run=true"), WarderJson.Wire.DryRun, cancellationToken);

    /// <summary>Reactivates the membership and its keys. An active membership stays unchanged.</summary>
    public Task<Membership> ReactivateAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Put, $"{At(id)}/reactivate"), WarderJson.Wire.Membership, cancellationToken);

    /// <summary>Deletes the membership and ends its keys for good; joining again does not revive them.</summary>
    public Task<Deletion> DeleteAsync(string id, CancellationToken cancellationToken = default)
        => connection.DeleteAsync(Call.Change(HttpMethod.Delete, At(id)), cancellationToken);

    /// <summary>Lists the keys that <see cref="DeleteAsync"/> would end; writes nothing.</summary>
    public Task<DryRun> PreviewDeleteAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Delete, $"{At(id)}?dry_run=true"), WarderJson.Wire.DryRun, cancellationToken);

    private static string At(string id) => $"{Path}/{Target.Segment(id)}";
}
