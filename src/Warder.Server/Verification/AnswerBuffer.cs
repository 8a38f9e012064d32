using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Warder.Server.Verification;

/// <summary>
/// Where an answer is put together before its length is known. Written straight into the response it would have to be kept apart there
/// until its headers are sent; like this, headers and body go out in one piece.
/// </summary>
/// <remarks>Used by one request at a time. Each thread keeps one at hand.</remarks>
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

    /// <summary>An empty one.</summary>
    public static AnswerBuffer Rent()
    {
        var buffer = atHand ?? new AnswerBuffer();
        atHand = null;
        return buffer;
    }

    /// <summary>Gives it back unsent.</summary>
    public void Return()
    {
        written = 0;
        if (bytes.Length <= KeptBytes)
            atHand = this;
    }

    /// <summary>Forgets what was written.</summary>
    public void Clear() => written = 0;

    /// <summary>Sends what was written as JSON, and gives the buffer back.</summary>
    public Task SendAsync(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.ContentLength = written;
        var sending = response.BodyWriter.WriteAsync(bytes.AsMemory(0, written));
        if (!sending.IsCompletedSuccessfully)
            return Later(sending.AsTask());
        // Copied by now: the response keeps nothing of it.
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
