using System.Text.Json.Serialization;
using Warder.Contracts.Json;

namespace Warder.Contracts.Directory;

/// <summary>An organization: a customer.</summary>
public sealed record Organization
{
    /// <summary><c>organization</c></summary>
    public string Object { get; init; } = "organization";

    /// <summary><c>org_…</c></summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The caller's own id for the organization; ≤ 128 characters, unique in its environment.</summary>
    public required string? ExternalId { get; init; }

    /// <summary>Up to 50 pairs; names ≤ 40, values ≤ 600 characters.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Its domains, the oldest first.</summary>
    public IReadOnlyList<OrganizationDomain> Domains { get; init; } = [];

    /// <summary>Always false.</summary>
    public bool AllowProfilesOutsideOrganization { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>POST <c>/organizations</c>.</summary>
public sealed record CreateOrganizationRequest
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The caller's own id for the organization; ≤ 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExternalId { get; init; }

    /// <summary>Up to 50 pairs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Its domains; up to 100.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DomainData>? DomainData { get; init; }
}

/// <summary>PUT <c>/organizations/{id}</c>: an absent field stays unchanged, null clears it.</summary>
public sealed record UpdateOrganizationRequest
{
    /// <summary>Its name; cannot be cleared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string> Name { get; init; }

    /// <summary>The caller's own id for the organization.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> ExternalId { get; init; }

    /// <summary>Merged into the pairs: null removes a pair, an empty object or null all of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyDictionary<string, string?>?> Metadata { get; init; }

    /// <summary>Replaces all domains.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DomainData>? DomainData { get; init; }
}
