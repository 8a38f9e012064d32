using Warder.Engine.Receipts;


namespace Warder.Engine.Changes;

/// <summary>The answer to a caller: a JSON body or none, and the status that its surface chose for it.</summary>
internal sealed class Answer
{
    private readonly Func<byte[]>? render;
    private byte[]? bytes;

    public Answer(int status, Func<byte[]>? render) => (Status, this.render) = (status, render);

    /// <summary>The surface's status. The engine stores it without interpreting it.</summary>
    public int Status { get; }

    /// <summary>The body in UTF-8; null when there is none. Rendered once, at the first read.</summary>
    public byte[]? Body => bytes ??= render?.Invoke();

    /// <summary>The id of the receipt for the change; null when there is none, or not yet.</summary>
    public string? ReceiptId { get; private init; }

    /// <summary>Copies the answer, with the id of the receipt to come.</summary>
    public Answer Expecting(string receiptId) => new(Status, render) { ReceiptId = receiptId };

    /// <summary>Copies the answer, with the receipt in its body if it has one; null: without a receipt.</summary>
    public Answer With(IssuedReceipt? receipt)
        => new(
            Status,
            render is null || receipt is null
                ? render
                : () => [.. render().AsSpan()[..^1], .. ",\"receipt\":"u8, .. receipt.Json, (byte)'}']) { ReceiptId = receipt?.Id };

    /// <summary>Creates an answer with a rendered body.</summary>
    public static Answer Raw(int status, byte[]? body) => new(status, body is null ? null : () => body);
}
