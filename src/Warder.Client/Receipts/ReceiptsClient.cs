using Warder.Client.Lists;
using Warder.Client.Transport;
using Warder.Contracts;
using Warder.Contracts.Lists;
using Warder.Contracts.Receipts;

namespace Warder.Client.Receipts;

/// <summary>
/// Receipts: the signed statements that changes are in force. Needs <c>events:read</c>, but for the keys that verify them.
/// </summary>
public sealed class ReceiptsClient
{
    private const int MaxPage = 100;

    private readonly Connection connection;

    internal ReceiptsClient(Connection connection) => this.connection = connection;

    /// <summary>One receipt.</summary>
    /// <param name="id"><c>rcpt_…</c></param>
    /// <param name="cancellationToken">Cancels.</param>
    public Task<Receipt> GetAsync(string id, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get($"receipts/{Target.Segment(id)}"), WarderJson.Wire.Receipt, cancellationToken);

    /// <summary>
    /// Lists every replica that a receipt names, in the order that the receipt's digest covers: see <see
    /// cref="ReceiptVerification.CheckLines"/>.
    /// </summary>
    /// <param name="id"><c>rcpt_…</c></param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<ReceiptLine>> ListLinesAsync(string id, CancellationToken cancellationToken = default)
    {
        var lines = new List<ReceiptLine>();
        for (string? after = null; ;)
        {
            var target = new Target($"receipts/{Target.Segment(id)}/lines").With("limit", MaxPage).With("after", after).ToString();
            var page = await connection.SendAsync(Call.Get(target), WarderJson.Wire.ListPageReceiptLine, cancellationToken);
            lines.AddRange(page.Data);
            after = page.ListMetadata.After;
            if (after is null)
                return lines;
        }
    }

    /// <summary>A page of receipts.</summary>
    public Task<ListPage<Receipt>> ListAsync(ReceiptQuery? query = null, CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get((query ?? new()).At("receipts")), WarderJson.Wire.ListPageReceipt, cancellationToken);

    /// <summary>Every receipt, page by page.</summary>
    public IAsyncEnumerable<Receipt> ListAllAsync(ReceiptQuery? query = null, CancellationToken cancellationToken = default)
        => Traversal.ListAllAsync(query ?? new(), ListAsync, cancellationToken);

    /// <summary>Lists changes that are durable, and that the answering node does not yet know to be in force everywhere.</summary>
    public async Task<IReadOnlyList<Receipt>> ListPendingAsync(CancellationToken cancellationToken = default)
        => (await connection.SendAsync(Call.Get("receipts/pending"), WarderJson.Wire.ListPageReceipt, cancellationToken)).Data;

    /// <summary>The keys that receipts are verified by: see <see cref="ReceiptVerification"/>. Needs no management key.</summary>
    public Task<JsonWebKeySet> GetKeySetAsync(CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Get(".well-known/jwks.json"), WarderJson.Wire.JsonWebKeySet, cancellationToken);

    /// <summary>The keys that sign, or have signed, newest first. Needs <c>environments:read</c>.</summary>
    public async Task<IReadOnlyList<SigningKey>> ListSigningKeysAsync(CancellationToken cancellationToken = default)
        => (await connection.SendAsync(Call.Get("signing_keys"), WarderJson.Wire.ListPageSigningKey, cancellationToken)).Data;

    /// <summary>
    /// Adds a signing key, which signs from now on. Signatures of earlier keys still verify. Needs <c>environments:write</c>.
    /// </summary>
    public Task<SigningKey> AddSigningKeyAsync(CancellationToken cancellationToken = default)
        => connection.SendAsync(Call.Change(HttpMethod.Post, "signing_keys"), WarderJson.Wire.SigningKey, cancellationToken);
}
