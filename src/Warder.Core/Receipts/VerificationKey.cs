using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Warder.Core.Receipts;

/// <summary>The public half of a <see cref="SigningKey"/>.</summary>
/// <param name="Id">Its thumbprint (RFC 7638): the <c>kid</c> of its signatures.</param>
/// <param name="X">The curve point's x, in base64url.</param>
/// <param name="Y">The curve point's y, in base64url.</param>
public sealed record VerificationKey(string Id, string X, string Y)
{
    private const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>The key of a curve point.</summary>
    public static VerificationKey Of(ECPoint point) => Of(Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));

    /// <summary>Makes the key of a curve point from coordinates in base64url.</summary>
    public static VerificationKey Of(string x, string y)
    {
        var thumbprint = SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""));
        return new VerificationKey(Base64Url.EncodeToString(thumbprint), x, y);
    }

    /// <summary>Verifies a JWS and reads its payload.</summary>
    /// <param name="type">The header's <c>typ</c>.</param>
    /// <param name="jws">The JWS in compact serialization.</param>
    /// <param name="keys">
    /// The trusted keys. A key in the JWS itself is ignored. The only accepted algorithm is ES256.
    /// </param>
    /// <returns>The payload; null when none of the keys signed the text, or it is not a JWS of this type.</returns>
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

    // Accepts only the canonical text of the bytes: otherwise a changed character could still verify.
    private static byte[]? Decode(string part)
        => Base64Url.IsValid(part)
            && Base64Url.DecodeFromChars(part) is var bytes
            && string.Equals(Base64Url.EncodeToString(bytes), part, StringComparison.Ordinal)
                ? bytes
                : null;

    // Extensions that must be understood (crit, RFC 7515 section 4.1.11) are not.
    private static string? KeyOf(string type, byte[] header)
    {
        try
        {
            using var document = JsonDocument.Parse(header);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && Is(root, "alg", "ES256") && Is(root, "typ", type) && !root.TryGetProperty("crit", out _)
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

    /// <summary>Whether this key has signed the bytes, by a signature in the one accepted form.</summary>
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
