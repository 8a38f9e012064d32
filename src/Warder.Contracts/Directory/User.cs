using System.Text.Json.Serialization;
using Warder.Contracts.Json;

namespace Warder.Contracts.Directory;

/// <summary>A user: a person.</summary>
public sealed record User
{
    /// <summary><c>user</c></summary>
    public string Object { get; init; } = "user";

    /// <summary><c>user_…</c></summary>
    public required string Id { get; init; }

    /// <summary>Unique in its environment, letter case aside.</summary>
    public required string Email { get; init; }

    /// <summary>Given name.</summary>
    public required string? FirstName { get; init; }

    /// <summary>Family name.</summary>
    public required string? LastName { get; init; }

    /// <summary>Whether the caller has verified the e-mail address.</summary>
    public required bool EmailVerified { get; init; }

    /// <summary>Always null.</summary>
    public string? ProfilePictureUrl { get; init; }

    /// <summary>The caller's own id for the user; ≤ 128 characters, unique in its environment.</summary>
    public required string? ExternalId { get; init; }

    /// <summary>Up to 50 pairs; names ≤ 40, values ≤ 600 characters.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Always null: Warder has no sign-in.</summary>
    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>Always null.</summary>
    public string? Locale { get; init; }

    /// <summary>When the user was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>POST <c>/user_management/users</c>.</summary>
public sealed record CreateUserRequest
{
    /// <summary>The e-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>Given name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FirstName { get; init; }

    /// <summary>Family name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LastName { get; init; }

    /// <summary>Whether the caller has verified the e-mail address; false if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? EmailVerified { get; init; }

    /// <summary>The caller's own id for the user; ≤ 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExternalId { get; init; }

    /// <summary>Up to 50 pairs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>PUT <c>/user_management/users/{id}</c>: an absent field stays unchanged, null clears it.</summary>
public sealed record UpdateUserRequest
{
    /// <summary>The e-mail address; cannot be cleared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Email { get; init; }

    /// <summary>Given name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> FirstName { get; init; }

    /// <summary>Family name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> LastName { get; init; }

    /// <summary>Whether the caller has verified the e-mail address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<bool> EmailVerified { get; init; }

    /// <summary>The caller's own id for the user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> ExternalId { get; init; }

    /// <summary>Merged into the pairs: null removes a pair, an empty object or null all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyDictionary<string, string?>?> Metadata { get; init; }
}

/// <summary>The answer to POST <c>/user_management/users/{id}/erase</c>.</summary>
public sealed record Erasure
{
    /// <summary><c>erasure</c></summary>
    public string Object { get; init; } = "erasure";

    /// <summary>The deleted user.</summary>
    public required string UserId { get; init; }

    /// <summary>How many personal values were erased.</summary>
    public required long ValuesErased { get; init; }
}
