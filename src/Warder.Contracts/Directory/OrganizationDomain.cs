namespace Warder.Contracts.Directory;

/// <summary>A domain of an organization. It belongs to one organization of its environment.</summary>
public sealed record OrganizationDomain
{
    /// <summary><c>organization_domain</c></summary>
    public string Object { get; init; } = "organization_domain";

    /// <summary><c>org_domain_…</c></summary>
    public required string Id { get; init; }

    /// <summary>The organization.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>The domain name, in lower case.</summary>
    public required string Domain { get; init; }

    /// <summary><c>pending</c> or <c>verified</c>, as the last change named it.</summary>
    public required string State { get; init; }

    /// <summary>Always <c>manual</c>: no DNS record is looked up.</summary>
    public string VerificationStrategy { get; init; } = "manual";

    /// <summary>When it was added to the organization.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A domain in a request for an organization.</summary>
/// <param name="Domain">The domain name; its case has no meaning.</param>
/// <param name="State"><c>pending</c> or <c>verified</c>.</param>
public sealed record DomainData(string Domain, string State);

/// <summary>The values of <see cref="OrganizationDomain.State"/>.</summary>
public static class DomainState
{
    /// <summary>No change has named the domain as verified.</summary>
    public const string Pending = "pending";

    /// <summary>A change has named the domain as verified.</summary>
    public const string Verified = "verified";
}
