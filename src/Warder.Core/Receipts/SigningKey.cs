using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Warder.Core.Receipts;

/// <summary>A signing key: ES256, that is ECDSA on P-256 with SHA-256 (RFC 7518, section 3.4), with the lower s.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class SigningKey
{
    private readonly byte[] pkcs8;
    // Only one thread at a time may use a key of the class library.
    private readonly ConcurrentBag<ECDsa> idle = [];

    private SigningKey(byte[] pkcs8, ECDsa first)
    {
        this.pkcs8 = pkcs8;
        Public = VerificationKey.Of(first.ExportParameters(includePrivateParameters: false).Q);
        idle.Add(first);
    }

    /// <summary>The public half.</summary>
    public VerificationKey Public { get; }

    /// <summary>A new key, drawn by the class library.</summary>
    public static SigningKey Create()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SigningKey(key.ExportPkcs8PrivateKey(), key);
    }

    /// <summary>The key of which these are the bytes.</summary>
    /// <exception cref="CryptographicException">The bytes are not a P-256 private key.</exception>
    public static SigningKey FromPkcs8(byte[] pkcs8) => new(pkcs8, Import(pkcs8));

    /// <summary>The key's bytes (RFC 5208), which must be sealed before they are written anywhere.</summary>
    public byte[] ToPkcs8() => [.. pkcs8];

    /// <summary>Signs a payload as a JWS in compact serialization (RFC 7515, section 3.1).</summary>
    /// <param name="type">The header's <c>typ</c>. It separates purposes: a signature for one is not valid for another.</param>
    /// <param name="payload">The payload.</param>
    public string Sign(string type, ReadOnlySpan<byte> payload)
    {
        var header = Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"{{Public.Id}}","typ":"{{type}}"}""");
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        if (!idle.TryTake(out var key))
            key = Import(pkcs8);
        Span<byte> signature = stackalloc byte[LowS.SignatureBytes];
        key.SignData(
            Encoding.ASCII.GetBytes(signed), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        idle.Add(key);
        LowS.Normalize(signature);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <inheritdoc/>
    public override string ToString() => $"[redacted] {Public.Id}";

    private static ECDsa Import(byte[] pkcs8)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    }
}
