using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Warder.Storage.Migrations;

/// <summary>Computes one digest over rows in their order; the same rows of both databases have the same digest.</summary>
internal sealed class RowDigest : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The number of rows.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds a row.</summary>
    public void Add(object?[] row)
    {
        Rows++;
        foreach (var value in row)
            Add(value);
    }

    /// <summary>The digest of all rows.</summary>
    public byte[] End() => hash.GetHashAndReset();

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

    // Each value with its kind and its length, so that different rows have different bytes.
    private void Add(object? value)
    {
        switch (value)
        {
            case null:
                Add((byte)'n', []);
                break;
            case byte[] bytes:
                Add((byte)'b', bytes);
                break;
            case string text:
                Add((byte)'t', Encoding.UTF8.GetBytes(text));
                break;
            default:
                Span<byte> number = stackalloc byte[sizeof(long)];
                BinaryPrimitives.WriteInt64BigEndian(number, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                Add((byte)'i', number);
                break;
        }
    }

    private void Add(byte kind, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], content.Length);
        hash.AppendData(head);
        hash.AppendData(content);
    }
}
