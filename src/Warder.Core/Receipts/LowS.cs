namespace Warder.Core.Receipts;

/// <summary>
/// The one form of an ES256 signature that Warder makes and accepts. With (r, s), (r, n − s) is a signature of the same message too, and
/// any party can compute it. Only the signature with the lower s counts, so that a signed text has one form and its digest names it.
/// </summary>
internal static class LowS
{
    /// <summary>Bytes of a signature: r and s, big-endian.</summary>
    public const int SignatureBytes = 64;

    private const int ScalarBytes = 32;

    // The order of P-256 (SEC 2, section 2.4.2), and its half.
    private static ReadOnlySpan<byte> Order =>
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ];

    private static ReadOnlySpan<byte> Half =>
    [
        0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0x00, 0x00, 0x00, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xDE, 0x73, 0x7D, 0x56, 0xD3, 0x8B, 0xCF, 0x42, 0x79, 0xDC, 0xE5, 0x61, 0x7E, 0x31, 0x92, 0xA8,
    ];

    /// <summary>Whether a signature has the length and the lower s.</summary>
    public static bool Is(ReadOnlySpan<byte> signature)
        => signature.Length == SignatureBytes && signature[ScalarBytes..].SequenceCompareTo(Half) <= 0;

    /// <summary>Gives a signature the lower s.</summary>
    public static void Normalize(Span<byte> signature)
    {
        if (!Is(signature))
            Negate(signature);
    }

    /// <summary>Puts n − s in the place of s.</summary>
    internal static void Negate(Span<byte> signature)
    {
        var s = signature[ScalarBytes..];
        var borrow = 0;
        for (var i = ScalarBytes - 1; i >= 0; i--)
        {
            var difference = Order[i] - s[i] - borrow;
            borrow = difference < 0 ? 1 : 0;
            s[i] = (byte)difference;
        }
    }
}
