using Warder.Core.Time;

namespace Warder.Core.Directory;

/// <summary>Whether an organization's domain is known to be the organization's.</summary>
public enum DomainState
{
    /// <summary>No change has named the domain as verified.</summary>
    Pending = 0,

    /// <summary>A change has named the domain as verified. No DNS record is looked up.</summary>
    Verified = 1,
}

/// <summary>A domain of an organization. It belongs to one living organization of its environment.</summary>
public sealed record OrganizationDomain
{
    /// <summary><c>org_domain_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The organization.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>The name, as <see cref="DomainName.Read"/> gives it.</summary>
    public required string Domain { get; init; }

    /// <summary>The state.</summary>
    public required DomainState State { get; init; }

    /// <summary>When it was added to the organization.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public required Instant UpdatedAt { get; init; }
}
