using System.Buffers.Binary;

namespace Warder.Core.Keys;

/// <summary>
/// CRC-32/ISO-HDLC, the CRC of zlib and PNG: polynomial 0x04C11DB7 reflected, initial value and final XOR all ones. The CRC of
/// <c>123456789</c> is 0xCBF43926. It detects typing errors in tokens, and gives no security.
/// </summary>
internal static class Crc32
{
    private const uint ReflectedPolynomial = 0xEDB88320;
    private const int Slice = 4;

    // Row k holds the contribution of a byte after k further bytes. Four bytes then take four independent look-ups.
    private static readonly uint[] Rows = CreateRows();

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var rows = Rows.AsSpan(0, Slice * 256);
        var crc = uint.MaxValue;
        for (; bytes.Length >= Slice; bytes = bytes[Slice..])
        {
            crc ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            crc = rows[(3 * 256) + (byte)crc]
                ^ rows[(2 * 256) + (byte)(crc >> 8)]
                ^ rows[256 + (byte)(crc >> 16)]
                ^ rows[(int)(crc >> 24)];
        }

        foreach (var b in bytes)
            crc = rows[(byte)crc ^ b] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] CreateRows()
    {
        var rows = new uint[Slice * 256];
        for (var i = 0; i < 256; i++)
        {
            var crc = (uint)i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * ReflectedPolynomial);
            rows[i] = crc;
        }

        for (var i = 256; i < rows.Length; i++)
            rows[i] = (rows[i - 256] >> 8) ^ rows[(byte)rows[i - 256]];
        return rows;
    }
}
