namespace Warder.Contracts.Receipts;

/// <summary>What the log holds of receipts: the <c>data</c> of the event <c>receipts.recorded</c>.</summary>
public sealed record ReceiptRecord
{
    /// <summary><c>receipt_record</c></summary>
    public string Object { get; init; } = "receipt_record";

    /// <summary>Each by its digest, in the order in which they came to be.</summary>
    public required IReadOnlyList<RecordedReceipt> Receipts { get; init; }
}

/// <summary>One receipt, by its digest.</summary>
/// <param name="Id"><c>rcpt_…</c></param>
/// <param name="EventId">The event whose change it is about.</param>
/// <param name="JwsSha256">SHA-256 of its JWS, in lower-case hex.</param>
public sealed record RecordedReceipt(string Id, string EventId, string JwsSha256);
