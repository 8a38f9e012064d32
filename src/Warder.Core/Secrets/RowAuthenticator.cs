using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Warder.Core.Secrets;

/// <summary>
/// Authenticates rows of a database by HMAC-SHA-256 under a subkey of the root key, so that a writer of the database without the root key
/// cannot make a row, or change one. An older row with its own MAC still verifies.
/// </summary>
/// <remarks>
/// The message is a version byte, the table's name, the number of values, and each value. A name or value is one byte of kind, its length
/// as 4 bytes big-endian, and its bytes: no two rows have the same message, and no MAC fits another table. Thread-safe.
/// </remarks>
/// <param name="root">The root key.</param>
public sealed class RowAuthenticator(RootKey root)
{
    /// <summary>Bytes of a MAC.</summary>
    public const int MacBytes = 32;

    private const byte Version = 1;
    private const int UsualBytes = 512;

    private readonly byte[] key = root.Derive("mac of rows");

    /// <summary>Computes the MAC of a row.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="values">
    /// The covered columns in their fixed order, the primary key among them: text, bytes, whole numbers, or null.
    /// </param>
    /// <exception cref="ArgumentException">A value has another type.</exception>
    public byte[] Compute(string table, params ReadOnlySpan<object?> values)
    {
        var message = new ArrayBufferWriter<byte>(UsualBytes);
        message.Write([Version]);
        Add(message, 't', Encoding.UTF8.GetBytes(table));
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, values.Length);
        Add(message, 'i', number);
        foreach (var value in values)
        {
            switch (value)
            {
                case null:
                    Add(message, 'n', []);
                    break;
                case string text:
                    Add(message, 't', Encoding.UTF8.GetBytes(text));
                    break;
                case byte[] bytes:
                    Add(message, 'b', bytes);
                    break;
                case long or int or short:
                    BinaryPrimitives.WriteInt64BigEndian(number, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                    Add(message, 'i', number);
                    break;
                default:
                    throw new ArgumentException($"A {value.GetType()} is no value of a row.", nameof(values));
            }
        }

        return HMACSHA256.HashData(key, message.WrittenSpan);
    }

    /// <summary>Compares a MAC with the MAC of a row, in constant time.</summary>
    /// <returns>False without a MAC, and for a value of an unsupported type.</returns>
    public bool Verify(byte[]? mac, string table, params ReadOnlySpan<object?> values)
    {
        foreach (var value in values)
        {
            if (value is not (null or string or byte[] or long or int or short))
                return false;
        }

        return mac is not null && CryptographicOperations.FixedTimeEquals(mac, Compute(table, values));
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    private static void Add(ArrayBufferWriter<byte> message, char kind, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], content.Length);
        message.Write(head);
        message.Write(content);
    }
}
