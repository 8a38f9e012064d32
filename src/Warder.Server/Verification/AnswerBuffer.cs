using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Warder.Server.Verification;

/// <summary>
/// The buffer in which an answer is composed before its length is known, so that headers and body are sent in one piece. Written into the
/// response directly, the body would need a second buffer there until the headers are sent.
/// </summary>
/// <remarks>Used by one request at a time. Each thread keeps one buffer.</remarks>
internal sealed class AnswerBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 4 * 1024;
    private const int KeptBytes = 128 * 1024;

    [ThreadStatic]
    private static AnswerBuffer? atHand;

    private byte[] bytes = new byte[InitialBytes];
    private int written;

    private AnswerBuffer()
    {
    }

    /// <summary>Takes an empty buffer.</summary>
    public static AnswerBuffer Rent()
    {
        var buffer = atHand ?? new AnswerBuffer();
        atHand = null;
        return buffer;
    }

    /// <summary>Returns the buffer without sending it.</summary>
    public void Return()
    {
        written = 0;
        if (bytes.Length <= KeptBytes)
            atHand = this;
    }

    /// <summary>Removes the written bytes.</summary>
    public void Clear() => written = 0;

    /// <summary>Sends the written bytes as JSON, and returns the buffer.</summary>
    public Task SendAsync(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.ContentLength = written;
        var sending = response.BodyWriter.WriteAsync(bytes.AsMemory(0, written));
        if (!sending.IsCompletedSuccessfully)
            return Later(sending.AsTask());
        // The bytes are copied by now: the response keeps no reference to the buffer.
        _ = sending.Result;
        Return();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Advance(int count) => written += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsMemory(written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsSpan(written);
    }

    private async Task Later(Task sending)
    {
        await sending;
        Return();
    }

    private void Reserve(int sizeHint)
    {
        var needed = written + Math.Max(sizeHint, 1);
        if (needed > bytes.Length)
            Array.Resize(ref bytes, Math.Max(needed, bytes.Length * 2));
    }
}
