namespace Warder.Contracts.Receipts;

/// <summary>
/// The keys that verify Warder's signatures (RFC 7517, section 5), newest first. GET <c>/.well-known/jwks.json</c>, without a key.
/// </summary>
/// <param name="Keys">The keys that sign now, and the keys that signed before.</param>
public sealed record JsonWebKeySet(IReadOnlyList<JsonWebKey> Keys);

/// <summary>An elliptic curve's public key (RFC 7518, section 6.2.1).</summary>
public sealed record JsonWebKey
{
    /// <summary><c>EC</c></summary>
    public required string Kty { get; init; }

    /// <summary><c>P-256</c></summary>
    public string? Crv { get; init; }

    /// <summary>The key's thumbprint (RFC 7638).</summary>
    public string? Kid { get; init; }

    /// <summary><c>ES256</c></summary>
    public string? Alg { get; init; }

    /// <summary><c>sig</c></summary>
    public string? Use { get; init; }

    /// <summary>The x coordinate of the point, in base64url.</summary>
    public string? X { get; init; }

    /// <summary>The y coordinate of the point, in base64url.</summary>
    public string? Y { get; init; }
}
