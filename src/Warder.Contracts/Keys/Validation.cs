using System.Text.Json.Serialization;

namespace Warder.Contracts.Keys;

/// <summary>POST <c>/api_keys/validations</c>.</summary>
public sealed record ValidateKeyRequest
{
    /// <summary>The secret that a caller presented; ≤ 512 characters.</summary>
    public required string Value { get; init; }

    /// <summary>What the key must have, all of it, effectively.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>
    /// The number of an event: answer from a state that includes it. 503 <c>unavailable</c> where the log does not have it yet.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AtLeast { get; init; }

    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => "ValidateKeyRequest";
}

/// <summary>POST <c>/api_keys/validations/batch</c>.</summary>
/// <param name="Validations">1–100 questions.</param>
public sealed record ValidateKeysRequest(IReadOnlyList<ValidateKeyRequest> Validations);

/// <summary>The answer to one question, allow or deny.</summary>
/// <param name="ApiKey">The key; non-null exactly when <see cref="ValidationDecision.Allow"/>.</param>
/// <param name="Decision">Whether the key is good for this request, and if not, why.</param>
public sealed record Validation(ValidatedKey? ApiKey, ValidationDecision Decision);

/// <summary>The answers to a batch, in the order of the questions.</summary>
public sealed record ValidationBatch(IReadOnlyList<Validation> Results);

/// <summary>Whether a key is good for a request.</summary>
public sealed record ValidationDecision
{
    /// <summary>Whether the request may go on.</summary>
    public required bool Allow { get; init; }

    /// <summary>One of <see cref="DecisionCode"/>: the true reason, which the protected API's own client must not see.</summary>
    public required string Code { get; init; }

    /// <summary>Which key was denied, where one was found; left out otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ApiKeyId { get; init; }
}

/// <summary>
/// The values of <see cref="ValidationDecision.Code"/>: the denials in order of precedence. The list grows: what is not here is a denial.
/// </summary>
public static class DecisionCode
{
    /// <summary>Allowed.</summary>
    public const string Allowed = "allowed";

    /// <summary>It is no token of any known form.</summary>
    public const string Malformed = "malformed";

    /// <summary>By its prefix it is another environment's token.</summary>
    public const string WrongEnvironment = "wrong_environment";

    /// <summary>There is no such key.</summary>
    public const string NotFound = "not_found";

    /// <summary>The key was revoked, or ended with its owner.</summary>
    public const string Revoked = "revoked";

    /// <summary>The key, or this secret of it, has expired.</summary>
    public const string Expired = "expired";

    /// <summary>The key is suspended.</summary>
    public const string Suspended = "suspended";

    /// <summary>The owner is inactive.</summary>
    public const string OwnerInactive = "owner_inactive";

    /// <summary>The key is good, and lacks a permission that the request named.</summary>
    public const string InsufficientPermissions = "insufficient_permissions";

    /// <summary>It cannot be known now: said by a verifier inside an application. The API answers 503 then.</summary>
    public const string Unavailable = "unavailable";
}
