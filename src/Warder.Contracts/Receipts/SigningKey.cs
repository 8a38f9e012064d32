using System.Text.Json.Serialization;

namespace Warder.Contracts.Receipts;

/// <summary>A key that signs, or has signed, receipts.</summary>
public sealed record SigningKey
{
    /// <summary><c>signing_key</c></summary>
    public string Object { get; init; } = "signing_key";

    /// <summary>The <c>kid</c> of its signatures: the key's thumbprint (RFC 7638).</summary>
    public required string Id { get; init; }

    /// <summary><c>ES256</c></summary>
    public required string Algorithm { get; init; }

    /// <summary>Whether the key signs now. Signatures of earlier keys still verify.</summary>
    public required bool Current { get; init; }

    /// <summary>The time at which the key was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The receipt that the change is in force: only in the answer to a change that verifiers' decisions depend on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }
}
