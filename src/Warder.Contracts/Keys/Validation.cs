using System.Text.Json.Serialization;

namespace Warder.Contracts.Keys;

/// <summary>POST <c>/api_keys/validations</c>.</summary>
public sealed record ValidateKeyRequest
{
    /// <summary>The presented secret; ≤ 512 characters.</summary>
    public required string Value { get; init; }

    /// <summary>The effective permissions that the key must have, all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The number of an event that the answer's state must include. A log without the event: 503 <c>unavailable</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? AtLeast { get; init; }

    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => "ValidateKeyRequest";
}

/// <summary>POST <c>/api_keys/validations/batch</c>.</summary>
/// <param name="Validations">1–100 validations.</param>
public sealed record ValidateKeysRequest(IReadOnlyList<ValidateKeyRequest> Validations);

/// <summary>The answer to one validation, allow or deny.</summary>
/// <param name="ApiKey">The key; non-null exactly when <see cref="ValidationDecision.Allow"/>.</param>
/// <param name="Decision">Whether the key is valid for this request, and the reason.</param>
public sealed record Validation(ValidatedKey? ApiKey, ValidationDecision Decision);

/// <summary>The answers to a batch, in the order of the requests.</summary>
public sealed record ValidationBatch(IReadOnlyList<Validation> Results);

/// <summary>Whether a key is valid for a request.</summary>
public sealed record ValidationDecision
{
    /// <summary>Whether the request is allowed.</summary>
    public required bool Allow { get; init; }

    /// <summary>One of <see cref="DecisionCode"/>: the true reason, which must not be shown to the client of the protected API.</summary>
    public required string Code { get; init; }

    /// <summary>The id of the denied key; left out when no key was found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ApiKeyId { get; init; }
}

/// <summary>
/// The values of <see cref="ValidationDecision.Code"/>, the denials in order of precedence. Later versions add codes: an unknown code is a
/// denial.
/// </summary>
public static class DecisionCode
{
    /// <summary>Allowed.</summary>
    public const string Allowed = "allowed";

    /// <summary>The value has no known token format.</summary>
    public const string Malformed = "malformed";

    /// <summary>The token's prefix belongs to another environment.</summary>
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

    /// <summary>The key is valid, and lacks a permission that the request names.</summary>
    public const string InsufficientPermissions = "insufficient_permissions";

    /// <summary>A verifier inside an application cannot decide now. The API answers 503 instead.</summary>
    public const string Unavailable = "unavailable";
}
