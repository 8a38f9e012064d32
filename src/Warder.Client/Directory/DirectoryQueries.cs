using Warder.Client.Lists;
using Warder.Client.Transport;

namespace Warder.Client.Directory;

/// <summary>Selects organizations.</summary>
public sealed record OrganizationQuery : ListQuery
{
    /// <summary>Organizations with a name that contains this text.</summary>
    public string? Search { get; init; }

    /// <summary>Organizations with one of these domains; up to 100.</summary>
    public IReadOnlyList<string>? Domains { get; init; }

    internal override Target AddTo(Target target) => base.AddTo(target).With("search", Search).With("domains", Domains);
}

/// <summary>Selects users.</summary>
public sealed record UserQuery : ListQuery
{
    /// <summary>The user with this e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Members of this organization.</summary>
    public string? OrganizationId { get; init; }

    internal override Target AddTo(Target target) => base.AddTo(target).With("email", Email).With("organization_id", OrganizationId);
}

/// <summary>Selects memberships.</summary>
public sealed record MembershipQuery : ListQuery
{
    /// <summary>Memberships of this user.</summary>
    public string? UserId { get; init; }

    /// <summary>Memberships of this organization.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>Memberships in one of these statuses.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    internal override Target AddTo(Target target) => base.AddTo(target)
        .With("user_id", UserId)
        .With("organization_id", OrganizationId)
        .With("statuses", Statuses);
}
