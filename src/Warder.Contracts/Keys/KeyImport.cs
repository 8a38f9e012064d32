using System.Text.Json.Serialization;
using Warder.Contracts.Receipts;

namespace Warder.Contracts.Keys;

/// <summary>POST <c>/api_keys/imports</c>: keys that another system issued. A call imports all of its keys or none.</summary>
public sealed record ImportKeysRequest
{
    /// <summary>The scheme of the values.</summary>
    public required ImportScheme Scheme { get; init; }

    /// <summary>1–100 keys.</summary>
    public required IReadOnlyList<ImportedKey> ApiKeys { get; init; }
}

/// <summary>The form of imported values. A form with less than 112 bits of randomness is refused: its digests could be guessed.</summary>
/// <param name="Prefix">The prefix of the values: 1–32 of <c>A-Za-z0-9_-.</c></param>
/// <param name="Length">The number of characters after the prefix.</param>
/// <param name="Alphabet">The alphabet of these characters: <c>hex</c>, <c>base32</c>, <c>base62</c> or <c>base64url</c>.</param>
public sealed record ImportScheme(string Prefix, int Length, string Alphabet);

/// <summary>A scheme of an environment.</summary>
public sealed record RegisteredScheme
{
    /// <summary><c>import_scheme</c></summary>
    public string Object { get; init; } = "import_scheme";

    /// <summary>The scheme's id, unique in its environment: <c>base62:32:old_</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The prefix of the values.</summary>
    public required string Prefix { get; init; }

    /// <summary>The number of characters after the prefix.</summary>
    public required int Length { get; init; }

    /// <summary><c>hex</c>, <c>base32</c>, <c>base62</c> or <c>base64url</c>.</summary>
    public required string Alphabet { get; init; }

    /// <summary>Whether a key that was imported under the scheme is not deleted. A scheme in use cannot be removed.</summary>
    public required bool InUse { get; init; }

    /// <summary>The receipt that the change is in force: only in the answer to a change that verifiers' decisions depend on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }
}

/// <summary>One key to import.</summary>
public sealed record ImportedKey
{
    /// <summary>SHA-256 of the value's UTF-8 bytes: 64 hex digits.</summary>
    public required string ValueSha256 { get; init; }

    /// <summary>The value's last four characters, which identify it to people.</summary>
    public required string LastFour { get; init; }

    /// <summary>The owner that the key acts for.</summary>
    public required KeyOwner Owner { get; init; }

    /// <summary>1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Registered slugs that the owner may have; none if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>A future time; never if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the key is for; ≤ 500 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Purpose { get; init; }

    /// <summary>The responsible user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResponsibleUserId { get; init; }
}
