namespace Warder.Contracts.Receipts;

/// <summary>The record of receipts in the log: the <c>data</c> of the event <c>receipts.recorded</c>.</summary>
public sealed record ReceiptRecord
{
    /// <summary><c>receipt_record</c></summary>
    public string Object { get; init; } = "receipt_record";

    /// <summary>The receipts by their digests, in the order in which they were issued.</summary>
    public required IReadOnlyList<RecordedReceipt> Receipts { get; init; }
}

/// <summary>One receipt, by its digest.</summary>
/// <param name="Id"><c>rcpt_…</c></param>
/// <param name="EventId">The event of the receipt's change.</param>
/// <param name="JwsSha256">SHA-256 of the receipt's JWS, in lower-case hex.</param>
public sealed record RecordedReceipt(string Id, string EventId, string JwsSha256);
