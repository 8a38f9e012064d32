namespace Warder.Contracts.Receipts;

/// <summary>
/// The keys that verify what Warder signed (RFC 7517, section 5), newest first. GET <c>/.well-known/jwks.json</c>, without a key.
/// </summary>
/// <param name="Keys">Those that sign, and those that have signed.</param>
public sealed record JsonWebKeySet(IReadOnlyList<JsonWebKey> Keys);

/// <summary>An elliptic curve's public key (RFC 7518, section 6.2.1).</summary>
public sealed record JsonWebKey
{
    /// <summary><c>EC</c></summary>
    public required string Kty { get; init; }

    /// <summary><c>P-256</c></summary>
    public string? Crv { get; init; }

    /// <summary>Its thumbprint (RFC 7638).</summary>
    public string? Kid { get; init; }

    /// <summary><c>ES256</c></summary>
    public string? Alg { get; init; }

    /// <summary><c>sig</c></summary>
    public string? Use { get; init; }

    /// <summary>The point's x, in base64url.</summary>
    public string? X { get; init; }

    /// <summary>The point's y, in base64url.</summary>
    public string? Y { get; init; }
}
