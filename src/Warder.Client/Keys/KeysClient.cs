using Warder.Client.Lists;
using Warder.Client.Receipts;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Contracts.Keys;
using Warder.Contracts.Lists;
using Warder.Core.Secrets;

namespace Warder.Client.Keys;

/// <summary>
/// Issues, lists, changes, ends and validates API keys. Once a call that ends a key has returned, no verifier accepts the key.
/// </summary>
public sealed class KeysClient
{
    private readonly Connection connection;

    internal KeysClient(Connection connection) => this.connection = connection;

    /// <summary>Issues an organization's key. Needs <c>keys:write</c>.</summary>
    /// <param name="organizationId">The owner.</param>
    /// <param name="request">The key.</param>
    /// <param name="idempotencyKey">
    /// 1–255 visible ASCII characters, for a caller that repeats the call itself; a fresh one if left out.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting; the key may have been issued.</param>
    public async Task<IssuedKey> IssueForOrganizationAsync(
        string organizationId, IssueKeyRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => await IssueAsync($"organizations/{Target.Segment(organizationId)}/api_keys", request, idempotencyKey, cancellationToken);

    /// <summary>Issues a user's key in the organization that the request names. Needs <c>keys:write</c>.</summary>
    /// <param name="userId">The owner, an active member of the organization.</param>
    /// <param name="request">The key; with <see cref="IssueKeyRequest.OrganizationId"/>.</param>
    /// <param name="idempotencyKey">1–255 visible ASCII characters; a fresh one if left out.</param>
    /// <param name="cancellationToken">Gives up waiting; the key may have been issued.</param>
    public async Task<IssuedKey> IssueForUserAsync(
        string userId, IssueKeyRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => await IssueAsync($"user_management/users/{Target.Segment(userId)}/api_keys", request, idempotencyKey, cancellationToken);

    /// <summary>One page of all keys, ended ones included. Needs <c>keys:read</c>.</summary>
    public Task<ListPage<ApiKey>> ListAsync(KeyQuery? query = null, CancellationToken cancellationToken = default)
        => ListAtAsync("api_keys", query ?? new KeyQuery(), cancellationToken);

    /// <summary>All keys, page by page.</summary>
    public IAsyncEnumerable<ApiKey> ListAllAsync(KeyQuery? query = null, CancellationToken cancellationToken = default)
        => Traversal.ListAllAsync(query ?? new KeyQuery(), ListAsync, cancellationToken);

    /// <summary>One page of an organization's own keys, without deleted ones. Needs <c>keys:read</c>.</summary>
    public Task<ListPage<ApiKey>> ListForOrganizationAsync(
        string organizationId, ListQuery? query = null, CancellationToken cancellationToken = default)
        => ListAtAsync($"organizations/{Target.Segment(organizationId)}/api_keys", query ?? new ListQuery(), cancellationToken);

    /// <summary>One page of a user's keys, without deleted ones. Needs <c>keys:read</c>.</summary>
    public Task<ListPage<ApiKey>> ListForUserAsync(string userId, UserKeyQuery? query = null, CancellationToken cancellationToken = default)
        => ListAtAsync($"user_management/users/{Target.Segment(userId)}/api_keys", query ?? new UserKeyQuery(), cancellationToken);

    /// <summary>One key. Needs <c>keys:read</c>.</summary>
    public Task<ApiKey> GetAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get(At(id)), WarderJson.Wire.ApiKey, cancellationToken);

    /// <summary>Changes what the request names. Needs <c>keys:write</c>. An ended key: 409 <c>api_key_ended</c>.</summary>
    public Task<ApiKey> UpdateAsync(string id, UpdateKeyRequest request, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Patch, At(id), request, WarderJson.Wire.UpdateKeyRequest), WarderJson.Wire.ApiKey, cancellationToken);

    /// <summary>Gives the key a new secret; the earlier secrets work until the overlap ends. Needs <c>keys:write</c>.</summary>
    public async Task<IssuedKey> RotateAsync(
        string id, RotateKeyRequest? request = null, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => IssuedKey.From(await connection.SendAsync(
            Call.Create($"{At(id)}/rotate", request ?? new(), WarderJson.Wire.RotateKeyRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.ApiKey,
            cancellationToken));

    /// <summary>Ends the key now. Needs <c>keys:write</c>. An expired key: 409 <c>api_key_already_expired</c>.</summary>
    public Task<ApiKey> ExpireAsync(string id, CancellationToken cancellationToken = default)
        => ExpireAsync(id, default(Optional<DateTimeOffset?>), cancellationToken);

    /// <summary>Schedules the key's end. Null clears the schedule; a past time ends the key now. Needs <c>keys:write</c>.</summary>
    public Task<ApiKey> ExpireAsync(string id, DateTimeOffset? expiresAt, CancellationToken cancellationToken = default)
        => ExpireAsync(id, new Optional<DateTimeOffset?>(IsPresent: true, expiresAt), cancellationToken);

    /// <summary>Revokes the key for good. Needs <c>keys:write</c>. A revoked key stays unchanged.</summary>
    public Task<ApiKey> RevokeAsync(string id, string? reason = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Post, $"{At(id)}/revoke", new ReasonRequest { Reason = reason }, WarderJson.Wire.ReasonRequest),
            WarderJson.Wire.ApiKey,
            cancellationToken);

    /// <summary>Suspends the key until it is resumed. Needs <c>keys:write</c>. A suspended key stays unchanged.</summary>
    public Task<ApiKey> SuspendAsync(string id, string? reason = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Post, $"{At(id)}/suspend", new ReasonRequest { Reason = reason }, WarderJson.Wire.ReasonRequest),
            WarderJson.Wire.ApiKey,
            cancellationToken);

    /// <summary>Resumes a suspended key. Needs <c>keys:write</c>. A key that is not suspended stays unchanged.</summary>
    public Task<ApiKey> ResumeAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Post, $"{At(id)}/resume"), WarderJson.Wire.ApiKey, cancellationToken);

    /// <summary>Ends the key for good and removes it from its owner's list. Needs <c>keys:write</c>. A deleted key: 404.</summary>
    public Task<Deletion> DeleteAsync(string id, CancellationToken cancellationToken = default)
        => connection.DeleteAsync(Call.Change(HttpMethod.Delete, At(id)), cancellationToken);

    /// <summary>
    /// Ends one secret of the key; its other secrets work on. Needs <c>keys:write</c>. The last one that works: 409
    /// <c>last_live_secret</c>; one that has ended: 404.
    /// </summary>
    public Task<Deletion> DeleteSecretAsync(string id, string secretId, CancellationToken cancellationToken = default)
        => connection.DeleteAsync(
            Call.Change(HttpMethod.Delete, $"{At(id)}/secrets/{Target.Segment(secretId)}"), cancellationToken);

    /// <summary>Lists the keys that <see cref="DeleteAsync"/> would end; writes nothing.</summary>
    public Task<DryRun> PreviewDeleteAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Delete, $"{At(id)}?dry_run=true"), WarderJson.Wire.DryRun, cancellationToken);

    /// <summary>Lists the keys that <see cref="RevokeAsync"/> would end; writes nothing.</summary>
    public Task<DryRun> PreviewRevokeAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Post, $"{At(id)}/revoke?dry_run=true", new(), WarderJson.Wire.ReasonRequest),
            WarderJson.Wire.DryRun,
            cancellationToken);

    /// <summary>Lists the keys that <see cref="ExpireAsync(string, CancellationToken)"/> would end; writes nothing.</summary>
    public Task<DryRun> PreviewExpireAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Change(HttpMethod.Post, $"{At(id)}/expire?dry_run=true", new(), WarderJson.Wire.ExpireKeyRequest),
            WarderJson.Wire.DryRun,
            cancellationToken);

    /// <summary>
    /// Decides whether a key is valid and has the required permissions. A denial is a decision, not an exception. Needs
    /// <c>keys:validate</c>.
    /// </summary>
    /// <param name="value">The presented key.</param>
    /// <param name="permissions">The permissions that the key must have; null: none.</param>
    /// <param name="atLeast">
    /// The sequence number of an event that the decision's state must include. A log without the event: 503 <c>unavailable</c>.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<KeyDecision> ValidateAsync(
        SecretString value, IReadOnlyList<string>? permissions = null, long? atLeast = null, CancellationToken cancellationToken = default)
        => new(await connection.SendAsync(
            Call.Query("api_keys/validations", Question(new PresentedKey(value, permissions, atLeast)), WarderJson.Wire.ValidateKeyRequest),
            WarderJson.Wire.Validation,
            cancellationToken));

    /// <summary>Decides as the method with a secret string does, for a key that is presented as a string.</summary>
    /// <param name="value">The presented key.</param>
    /// <param name="permissions">The permissions that the key must have; null: none.</param>
    /// <param name="atLeast">The sequence number of an event that the decision's state must include.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<KeyDecision> ValidateAsync(
        string value, IReadOnlyList<string>? permissions = null, long? atLeast = null, CancellationToken cancellationToken = default)
        => ValidateAsync(new SecretString(value), permissions, atLeast, cancellationToken);

    /// <summary>Validates 1–100 keys; the decisions have the order of the keys. Needs <c>keys:validate</c>.</summary>
    public async Task<IReadOnlyList<KeyDecision>> ValidateManyAsync(
        IReadOnlyList<PresentedKey> presented, CancellationToken cancellationToken = default)
    {
        var request = new ValidateKeysRequest([.. presented.Select(Question)]);
        var call = Call.Query("api_keys/validations/batch", request, WarderJson.Wire.ValidateKeysRequest);
        return (await connection.SendAsync(call, WarderJson.Wire.ValidationBatch, cancellationToken)).Results
            .Select(static each => new KeyDecision(each)).ToList();
    }

    /// <summary>
    /// Imports 1–100 keys that another system issued: all or none. Needs <c>keys:write</c>. A key that was imported before: 409
    /// <c>api_key_already_imported</c>.
    /// </summary>
    public async Task<IReadOnlyList<ApiKey>> ImportAsync(
        ImportKeysRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var call = Call.Create("api_keys/imports", request, WarderJson.Wire.ImportKeysRequest, connection.IdempotencyKey(idempotencyKey));
        return (await connection.SendAsync(call, WarderJson.Wire.ListPageApiKey, cancellationToken)).Data;
    }

    /// <summary>
    /// Checks an import as <see cref="ImportAsync"/> does, with the same refusals; writes nothing. Needs <c>keys:write</c>.
    /// </summary>
    public async Task<IReadOnlyList<ApiKey>> PreviewImportAsync(ImportKeysRequest request, CancellationToken cancellationToken = default)
    {
        var call = Call.Change(HttpMethod.Post, "api_keys/imports?dry_run=true", request, WarderJson.Wire.ImportKeysRequest);
        return (await connection.SendAsync(call, WarderJson.Wire.ListPageApiKey, cancellationToken)).Data;
    }

    /// <summary>Lists all import schemes of the environment. Needs <c>keys:read</c>.</summary>
    public async Task<IReadOnlyList<RegisteredScheme>> ListImportSchemesAsync(CancellationToken cancellationToken = default)
        => (await connection.SendAsync(Call.Get("import_schemes"), WarderJson.Wire.ListPageRegisteredScheme, cancellationToken)).Data;

    /// <summary>Gets one scheme by its id: <c>base62:32:old_</c>. Needs <c>keys:read</c>.</summary>
    public Task<RegisteredScheme> GetImportSchemeAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get($"import_schemes/{Target.Segment(id)}"), WarderJson.Wire.RegisteredScheme, cancellationToken);

    /// <summary>
    /// Adds a scheme; an import under a scheme adds it too. Needs <c>keys:write</c>. An existing scheme: 409
    /// <c>import_scheme_already_exists</c>.
    /// </summary>
    public Task<RegisteredScheme> AddImportSchemeAsync(
        ImportScheme scheme, string? idempotencyKey = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(
            Call.Create("import_schemes", scheme, WarderJson.Wire.ImportScheme, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.RegisteredScheme,
            cancellationToken);

    /// <summary>
    /// Removes a scheme. Needs <c>keys:write</c>. A scheme with imported keys that are not deleted: 409 <c>import_scheme_in_use</c>.
    /// </summary>
    public Task DeleteImportSchemeAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Delete, $"import_schemes/{Target.Segment(id)}"), cancellationToken);

    private static string At(string id) => $"api_keys/{Target.Segment(id)}";

    private static ValidateKeyRequest Question(PresentedKey presented)
        => new() { Value = presented.Value.Reveal(), Permissions = presented.Permissions, AtLeast = presented.AtLeast };

    private async Task<IssuedKey> IssueAsync(
        string path, IssueKeyRequest request, string? idempotencyKey, CancellationToken cancellationToken)
        => IssuedKey.From(await connection.SendAsync(
            Call.Create(path, request, WarderJson.Wire.IssueKeyRequest, connection.IdempotencyKey(idempotencyKey)),
            WarderJson.Wire.ApiKey,
            cancellationToken));

    private Task<ListPage<ApiKey>> ListAtAsync(string path, ListQuery query, CancellationToken cancellationToken)
        => connection.SendAsync(Call.Get(query.At(path)), WarderJson.Wire.ListPageApiKey, cancellationToken);

    private Task<ApiKey> ExpireAsync(string id, Optional<DateTimeOffset?> expiresAt, CancellationToken cancellationToken)
        => connection.SendAsync(
            Call.Change(HttpMethod.Post, $"{At(id)}/expire", new() { ExpiresAt = expiresAt }, WarderJson.Wire.ExpireKeyRequest),
            WarderJson.Wire.ApiKey,
            cancellationToken);
}
