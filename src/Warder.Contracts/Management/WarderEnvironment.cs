using System.Text.Json.Serialization;
using Warder.Contracts.Json;

namespace Warder.Contracts.Management;

/// <summary>An environment: an isolated world of data. The type's name avoids a conflict with <c>System.Environment</c>.</summary>
public sealed record WarderEnvironment
{
    /// <summary><c>environment</c></summary>
    public string Object { get; init; } = "environment";

    /// <summary><c>environment_…</c></summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The prefix of the environment's tokens: <c>wdr_live</c>. It is never used by another environment.</summary>
    public required string KeyPrefix { get; init; }

    /// <summary>Whether an API key ends no later than the management key, and the secret of it, that issues the key.</summary>
    public bool CapIssuedKeys { get; init; }

    /// <summary>
    /// The feature level of the inputs that the environment's decisions use. A verifier of a lower level answers <c>unavailable</c>. The
    /// first use of an input raises it.
    /// </summary>
    public int RequiredLevel { get; init; } = 1;

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The environment's first management key, with its value: only in the answer that creates the environment.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ManagementKey? ManagementKey { get; init; }
}

/// <summary>POST <c>/environments</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="KeyPrefix"><c>[a-z][a-z0-9_]{0,31}</c>; never used before by any environment; <c>wdrm</c> is reserved.</param>
public sealed record CreateEnvironmentRequest(string Name, string KeyPrefix)
{
    /// <summary>Whether an API key ends no later than the management key that issues it; false if left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CapIssuedKeys { get; init; }
}

/// <summary>PATCH <c>/environments/{id}</c>, a merge patch.</summary>
public sealed record UpdateEnvironmentRequest
{
    /// <summary>Its name; cannot be cleared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>
    /// Whether an API key ends no later than the management key that issues it. Only a management key without an end can clear it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<bool> CapIssuedKeys { get; init; }
}
