using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Warder.Contracts.Lists;
using Warder.Server.Receipts;

namespace Warder.Server.Http;

/// <summary>What an operation answers: a status, and a JSON body unless the status has none.</summary>
internal sealed class Answer
{
    private readonly Func<byte[]>? render;
    private byte[]? bytes;

    private Answer(int status, Func<byte[]>? render) => (Status, this.render) = (status, render);

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>204, without a body.</summary>
    public static Answer NoContent { get; } = new(204, null);

    /// <summary>The body in UTF-8; null when there is none. Rendered once, when it is first asked for.</summary>
    public byte[]? Body => bytes ??= render?.Invoke();

    /// <summary>The receipt of the change that it answers; null when there is none, or not yet.</summary>
    public string? ReceiptId { get; private init; }

    /// <summary>The same, with the receipt to come.</summary>
    public Answer Expecting(string receiptId) => new(Status, render) { ReceiptId = receiptId };

    /// <summary>The same, with the receipt: in its body, if it has one. Or with none, where none came of it.</summary>
    public Answer With(IssuedReceipt? receipt)
        => new(Status, render is null || receipt is null ? render : () => [.. render().AsSpan()[..^1], .. ",\"receipt\":"u8, .. receipt.Json, (byte)'}']) { ReceiptId = receipt?.Id };

    /// <summary>200 with a body.</summary>
    public static Answer Ok<T>(T body, JsonTypeInfo<T> type) => new(200, () => JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>200 with a list that is whole on its one page.</summary>
    public static Answer Whole<T>(IReadOnlyList<T> items, JsonTypeInfo<ListPage<T>> type)
        => Ok(new ListPage<T> { Data = items, ListMetadata = new ListMetadata(null, null) }, type);

    /// <summary>201 with a body.</summary>
    public static Answer Created<T>(T body, JsonTypeInfo<T> type) => new(201, () => JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>An answer whose body is there already.</summary>
    public static Answer Raw(int status, byte[]? body) => new(status, body is null ? null : () => body);
}
