using System.Text.Json.Serialization;
using Warder.Contracts.Json;

namespace Warder.Contracts.Management;

/// <summary>An environment: an isolated world of data. It has its own name here because the BCL took the other.</summary>
public sealed record WarderEnvironment
{
    /// <summary><c>environment</c></summary>
    public string Object { get; init; } = "environment";

    /// <summary><c>environment_…</c></summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What its tokens begin with: <c>wdr_live</c>. Unique for ever.</summary>
    public required string KeyPrefix { get; init; }

    /// <summary>Whether API keys end no later than the management key, and the secret of it, that issue them.</summary>
    public bool CapIssuedKeys { get; init; }

    /// <summary>
    /// The feature level of the inputs that its decisions take: a verifier of a lower level answers <c>unavailable</c>. Raised by the first
    /// use of an input.
    /// </summary>
    public int RequiredLevel { get; init; } = 1;

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Its first management key, with its value: in the answer that creates, and nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ManagementKey? ManagementKey { get; init; }
}

/// <summary>POST <c>/environments</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="KeyPrefix"><c>[a-z][a-z0-9_]{0,31}</c>; never used before by any environment; <c>wdrm</c> is reserved.</param>
public sealed record CreateEnvironmentRequest(string Name, string KeyPrefix)
{
    /// <summary>Whether API keys end no later than what issues them; false if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CapIssuedKeys { get; init; }
}

/// <summary>PATCH <c>/environments/{id}</c>, a merge patch.</summary>
public sealed record UpdateEnvironmentRequest
{
    /// <summary>Its name; cannot be cleared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>Whether API keys end no later than what issues them. Only a management key without an end switches it off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<bool> CapIssuedKeys { get; init; }
}
