using Warder.Engine.Receipts;


namespace Warder.Engine.Changes;

/// <summary>What a caller is answered: a JSON body, or none, and the status that its surface chose for it.</summary>
internal sealed class Answer
{
    private readonly Func<byte[]>? render;
    private byte[]? bytes;

    public Answer(int status, Func<byte[]>? render) => (Status, this.render) = (status, render);

    /// <summary>The surface's status: kept with the answer, and not understood here.</summary>
    public int Status { get; }

    /// <summary>The body in UTF-8; null when there is none. Rendered once, when it is first asked for.</summary>
    public byte[]? Body => bytes ??= render?.Invoke();

    /// <summary>The receipt of the change that it answers; null when there is none, or not yet.</summary>
    public string? ReceiptId { get; private init; }

    /// <summary>The same, with the receipt to come.</summary>
    public Answer Expecting(string receiptId) => new(Status, render) { ReceiptId = receiptId };

    /// <summary>The same, with the receipt: in its body, if it has one. Or with none, where none came of it.</summary>
    public Answer With(IssuedReceipt? receipt)
        => new(Status, render is null || receipt is null ? render : () => [.. render().AsSpan()[..^1], .. ",\"receipt\":"u8, .. receipt.Json, (byte)'}']) { ReceiptId = receipt?.Id };

    /// <summary>An answer whose body is there already.</summary>
    public static Answer Raw(int status, byte[]? body) => new(status, body is null ? null : () => body);
}
