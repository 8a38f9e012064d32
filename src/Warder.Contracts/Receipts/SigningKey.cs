using System.Text.Json.Serialization;

namespace Warder.Contracts.Receipts;

/// <summary>A key that signs, or has signed, receipts.</summary>
public sealed record SigningKey
{
    /// <summary><c>signing_key</c></summary>
    public string Object { get; init; } = "signing_key";

    /// <summary>The <c>kid</c> of what it signs: its thumbprint (RFC 7638).</summary>
    public required string Id { get; init; }

    /// <summary><c>ES256</c></summary>
    public required string Algorithm { get; init; }

    /// <summary>Whether it signs now. One that does not any more still verifies.</summary>
    public required bool Current { get; init; }

    /// <summary>Since when it is there.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>That it is in force everywhere: in the answer to a change of what verifiers answer by, and nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }
}
