using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Warder.Core.Receipts;

/// <summary>The public half of a <see cref="SigningKey"/>.</summary>
/// <param name="Id">Its thumbprint (RFC 7638): the <c>kid</c> of what it signed.</param>
/// <param name="X">The curve point's x, in base64url.</param>
/// <param name="Y">The curve point's y, in base64url.</param>
public sealed record VerificationKey(string Id, string X, string Y)
{
    private const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>The key of a curve point.</summary>
    public static VerificationKey Of(ECPoint point) => Of(Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));

    /// <summary>The key of a curve point, whose coordinates are in base64url.</summary>
    public static VerificationKey Of(string x, string y)
    {
        var thumbprint = SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""));
        return new VerificationKey(Base64Url.EncodeToString(thumbprint), x, y);
    }

    /// <summary>The payload of a JWS that one of these keys signed; null when none of them did, or it is no JWS of this type.</summary>
    /// <param name="type">The header's <c>typ</c>.</param>
    /// <param name="jws">In compact serialization.</param>
    /// <param name="keys">
    /// Those that are trusted. A key that a JWS brings along is not looked at, and no algorithm but ES256 is taken.
    /// </param>
    public static byte[]? Open(string type, string jws, IEnumerable<VerificationKey> keys)
    {
        var parts = jws.Split('.');
        if (jws.Length > MaxCharacters || parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload
            || Decode(parts[2]) is not { } signature || KeyOf(type, header) is not { } id)
        {
            return null;
        }

        var signed = Encoding.ASCII.GetBytes(jws, 0, jws.LastIndexOf('.'));
        return keys.Any(key => string.Equals(key.Id, id, StringComparison.Ordinal) && key.HasSigned(signed, signature)) ? payload : null;
    }

    // One text for the same bytes, so that no other character will do for any.
    private static byte[]? Decode(string part)
        => Base64Url.IsValid(part) && Base64Url.DecodeFromChars(part) is var bytes && string.Equals(Base64Url.EncodeToString(bytes), part, StringComparison.Ordinal) ? bytes : null;

    // Extensions that must be understood (crit, RFC 7515 section 4.1.11) are not.
    private static string? KeyOf(string type, byte[] header)
    {
        try
        {
            using var document = JsonDocument.Parse(header);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && Is(root, "alg", "ES256") && Is(root, "typ", type) && !root.TryGetProperty("crit", out _)
                && root.TryGetProperty("kid", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or with half a character.
            return null;
        }
    }

    private static bool Is(JsonElement root, string name, string value)
        => root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.ValueEquals(value);

    /// <summary>Whether this key has signed, and the signature has the one form that counts.</summary>
    internal bool HasSigned(byte[] signed, byte[] signature)
    {
        if (!LowS.Is(signature))
            return false;
        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
            });
            return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            // No point of the curve.
            return false;
        }
    }
}
