using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Warder.Contracts.Lists;
using Warder.Engine.Receipts;

namespace Warder.Engine.Changes;

/// <summary>The kinds of answers. Each surface chooses its own status for a kind.</summary>
/// <remarks>The numbers are stored with the answers of calls that have an idempotency key.</remarks>
internal enum AnswerKind
{
    /// <summary>The answer shows an object or a list.</summary>
    Ok = 200,

    /// <summary>The answer shows an object that the call created.</summary>
    Created = 201,

    /// <summary>The answer has no body.</summary>
    NoContent = 204,
}

/// <summary>The answer to a caller: a JSON body or none.</summary>
internal sealed class Answer
{
    private readonly Func<byte[]>? render;
    private byte[]? bytes;

    private Answer(AnswerKind kind, Func<byte[]>? render) => (Kind, this.render) = (kind, render);

    /// <summary>An answer without a body.</summary>
    public static Answer NoContent { get; } = new(AnswerKind.NoContent, null);

    /// <summary>The kind of the answer.</summary>
    public AnswerKind Kind { get; }

    /// <summary>The body in UTF-8; null when there is none. Rendered once, at the first read.</summary>
    public byte[]? Body => bytes ??= render?.Invoke();

    /// <summary>The id of the receipt for the change; null when there is none, or not yet.</summary>
    public string? ReceiptId { get; private init; }

    /// <summary>Creates an answer that shows a body.</summary>
    public static Answer Ok<T>(T body, JsonTypeInfo<T> type) => new(AnswerKind.Ok, () => JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>Creates an answer with a body that is shaped when it is rendered, from values that do not change.</summary>
    public static Answer Ok<T>(Func<T> body, JsonTypeInfo<T> type)
        => new(AnswerKind.Ok, () => JsonSerializer.SerializeToUtf8Bytes(body(), type));

    /// <summary>Creates an answer that shows a complete list on one page.</summary>
    public static Answer Whole<T>(IReadOnlyList<T> items, JsonTypeInfo<ListPage<T>> type)
        => Ok(new ListPage<T> { Data = items, ListMetadata = new ListMetadata(null, null) }, type);

    /// <summary>Creates an answer that shows a created object.</summary>
    public static Answer Created<T>(T body, JsonTypeInfo<T> type)
        => new(AnswerKind.Created, () => JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>
    /// Creates an answer that shows a created object, with a body that is shaped when it is rendered, from values that do not change.
    /// </summary>
    public static Answer Created<T>(Func<T> body, JsonTypeInfo<T> type)
        => new(AnswerKind.Created, () => JsonSerializer.SerializeToUtf8Bytes(body(), type));

    /// <summary>Creates an answer with a rendered body.</summary>
    public static Answer Raw(AnswerKind kind, byte[]? body) => new(kind, body is null ? null : () => body);

    /// <summary>Copies the answer, with the id of the receipt to come.</summary>
    public Answer Expecting(string receiptId) => new(Kind, render) { ReceiptId = receiptId };

    /// <summary>Copies the answer, with the receipt in its body if it has one; null: without a receipt.</summary>
    public Answer With(IssuedReceipt? receipt)
        => new(
            Kind,
            render is null || receipt is null
                ? render
                : () => [.. render().AsSpan()[..^1], .. ",\"receipt\":"u8, .. receipt.Json, (byte)'}']) { ReceiptId = receipt?.Id };
}
