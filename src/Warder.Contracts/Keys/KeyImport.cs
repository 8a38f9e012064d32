using System.Text.Json.Serialization;
using Warder.Contracts.Receipts;

namespace Warder.Contracts.Keys;

/// <summary>POST <c>/api_keys/imports</c>: keys that another system issued. All of a call are imported or none.</summary>
public sealed record ImportKeysRequest
{
    /// <summary>What the values look like.</summary>
    public required ImportScheme Scheme { get; init; }

    /// <summary>1–100 keys.</summary>
    public required IReadOnlyList<ImportedKey> ApiKeys { get; init; }
}

/// <summary>What imported values look like. Less than 112 bits of randomness are refused: the digests could be guessed.</summary>
/// <param name="Prefix">What they begin with: 1–32 of <c>A-Za-z0-9_-.</c></param>
/// <param name="Length">How many characters follow the prefix.</param>
/// <param name="Alphabet">What these are: <c>hex</c>, <c>base32</c>, <c>base62</c> or <c>base64url</c>.</param>
public sealed record ImportScheme(string Prefix, int Length, string Alphabet);

/// <summary>A scheme that an environment has.</summary>
public sealed record RegisteredScheme
{
    /// <summary><c>import_scheme</c></summary>
    public string Object { get; init; } = "import_scheme";

    /// <summary>What it is known by in its environment: <c>base62:32:old_</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What the values begin with.</summary>
    public required string Prefix { get; init; }

    /// <summary>How many characters follow the prefix.</summary>
    public required int Length { get; init; }

    /// <summary><c>hex</c>, <c>base32</c>, <c>base62</c> or <c>base64url</c>.</summary>
    public required string Alphabet { get; init; }

    /// <summary>Whether a key that is not deleted was imported under it. Until then it cannot be removed.</summary>
    public required bool InUse { get; init; }

    /// <summary>That it is in force everywhere: in the answer to a change of what verifiers answer by, and nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Receipt? Receipt { get; init; }
}

/// <summary>One key to import.</summary>
public sealed record ImportedKey
{
    /// <summary>SHA-256 of the value's UTF-8 bytes: 64 hex digits.</summary>
    public required string ValueSha256 { get; init; }

    /// <summary>The value's last four characters, by which people know it.</summary>
    public required string LastFour { get; init; }

    /// <summary>Who the key acts for.</summary>
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

    /// <summary>The user who answers for the key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResponsibleUserId { get; init; }
}
