using Warder.Core.Time;

namespace Warder.Core.Directory;

/// <summary>A customer.</summary>
public sealed record Organization
{
    /// <summary><c>org_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment's number.</summary>
    public required int Environment { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The customer's own id for it; unique among the environment's living organizations.</summary>
    public string? ExternalId { get; init; }

    /// <summary>String to string.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = MetadataPairs.None;

    /// <summary>Its domains, the oldest first.</summary>
    public IReadOnlyList<OrganizationDomain> Domains { get; init; } = [];

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required Instant UpdatedAt { get; init; }
}

/// <summary>A person.</summary>
public sealed record User
{
    /// <summary><c>user_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The environment's number.</summary>
    public required int Environment { get; init; }

    /// <summary>Unique among the environment's living users, ignoring case.</summary>
    public required string Email { get; init; }

    /// <summary>Given name.</summary>
    public string? FirstName { get; init; }

    /// <summary>Family name.</summary>
    public string? LastName { get; init; }

    /// <summary>As asserted by the caller: Warder sends no mail.</summary>
    public bool EmailVerified { get; init; }

    /// <summary>The customer's own id for the person.</summary>
    public string? ExternalId { get; init; }

    /// <summary>String to string.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = MetadataPairs.None;

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required Instant UpdatedAt { get; init; }
}
