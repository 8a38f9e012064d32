namespace Warder.Client.Receipts;

/// <summary>The answer to a call that deletes: what was deleted is no more, so that all that is told of it is its receipt.</summary>
/// <param name="ReceiptId">
/// The id of the receipt: see <see cref="ReceiptsClient.GetAsync"/>. Null when no verifier could answer by what was deleted.
/// </param>
public sealed record Deletion(string? ReceiptId);
