using System.Collections.Concurrent;
using System.Text.Json;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Receipts;

namespace Warder.Engine.Receipts;

/// <summary>Issues receipts: tracks this node's changes until they are in force, and then signs their receipts.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ReceiptIssuer(string nodeId, Store store, Clock clock, Entropy entropy, SigningKeys signingKeys, ReceiptWriter writer)
{
    // The longest time that a repeated request waits for a receipt that another node writes.
    private const int OthersMilliseconds = 1_000;
    private const int PollMilliseconds = 50;

    private readonly ConcurrentDictionary<string, ReceiptDraft> drafts = new(StringComparer.Ordinal);

    /// <summary>Draws the id of a new receipt.</summary>
    public string NewId() => Id.New(IdKind.Receipt, clock.Now(), entropy);

    /// <summary>Adds the draft of a change that is durable and not yet in force.</summary>
    public void Begin(ReceiptDraft draft) => drafts[draft.Id] = draft;

    /// <summary>Issues the receipt of a change that is in force, once.</summary>
    /// <returns>Null: there is no signing key.</returns>
    public IssuedReceipt? Issue(ReceiptDraft draft)
    {
        lock (draft.Gate)
        {
            if (draft.Issued is null && signingKeys.Current is { } key)
            {
                var (shape, lines) = draft.Shape(nodeId, clock.Now());
                var (receipt, jws) = IssuedReceipt.Sign(shape, key);
                draft.Issued = receipt;
                writer.Enqueue(draft.Row(jws, lines));
            }
        }

        drafts.TryRemove(draft.Id, out _);
        return draft.Issued;
    }

    /// <summary>Lists an environment's pending receipts: their changes are durable and not yet in force.</summary>
    public IReadOnlyList<Receipt> Pending(int environment)
        =>
        [
            .. drafts.Values.Where(draft => draft.Event.Environment == environment)
                .OrderBy(static draft => draft.Commitment.Sequence)
                .Select(draft => draft.Shape(nodeId, null).Receipt),
        ];

    /// <summary>Finds a receipt.</summary>
    /// <returns>Null: there is none of that id in the environment.</returns>
    /// <exception cref="StorageException">The store cannot be read now.</exception>
    public IssuedReceipt? Find(int environment, string id)
    {
        var row = writer.Find(environment, id) ?? store.Read(session => ReceiptTable.Find(session, environment, id));
        return row is null ? null : IssuedReceipt.Of(row);
    }

    /// <summary>Lists the lines of a receipt's replicas, in their order.</summary>
    /// <returns>Null: there is no such receipt.</returns>
    /// <exception cref="StorageException">The store cannot be read now, or the lines that the receipt commits to are missing.</exception>
    public IReadOnlyList<ReceiptLine>? FindLines(int environment, string id)
    {
        if (Find(environment, id) is not { } issued)
            return null;
        var receipt = JsonSerializer.Deserialize(issued.Json, WarderJson.Wire.Receipt)!;
        if (receipt.Replicas?.LinesSha256 is not { } digest)
            return ReceiptLines.Order(receipt.Verifiers.Where(static line => line.Follows is not null));
        var text = writer.Find(environment, id)?.Lines is { } lines
            ? lines.Text
            : store.Read(session => ReceiptLinesTable.Find(session, environment, digest));
        return ReceiptLines.Read(text ?? throw new StorageException(StorageFaultKind.Damaged, $"The lines of receipt {id} are missing."));
    }

    /// <summary>
    /// Finds the receipt for a repeated request; the first request made the change. The change is in force, so its receipt is stored here,
    /// is being issued, or is written soon by the node that made the change.
    /// </summary>
    /// <returns>Null: that node was killed before it wrote the receipt.</returns>
    /// <exception cref="StorageException">The store cannot be read now.</exception>
    public async Task<IssuedReceipt?> Await(int environment, string id)
    {
        if (drafts.TryGetValue(id, out var draft) && draft.Event.Environment == environment)
        {
            await draft.Commitment.Propagation.InForce(new EnvironmentScope(environment));
            return Issue(draft);
        }

        var found = Find(environment, id);
        for (var waited = 0; found is null && store.IsShared && waited < OthersMilliseconds; waited += PollMilliseconds)
        {
            await Task.Delay(PollMilliseconds);
            found = Find(environment, id);
        }

        return found;
    }
}
