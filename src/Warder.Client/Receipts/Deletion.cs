namespace Warder.Client.Receipts;

/// <summary>The answer to a call that deletes an object: the id of the deletion's receipt.</summary>
/// <param name="ReceiptId">
/// The id of the receipt: see <see cref="ReceiptsClient.GetAsync"/>. Null when no verifier answers from the deleted object.
/// </param>
public sealed record Deletion(string? ReceiptId);
