using Warder.Client.Lists;
using Warder.Client.Transport;

namespace Warder.Client.Directory;

/// <summary>Which organizations to list.</summary>
public sealed record OrganizationQuery : ListQuery
{
    /// <summary>Those whose name contains this.</summary>
    public string? Search { get; init; }

    internal override Target AddTo(Target target) => base.AddTo(target).With("search", Search);
}

/// <summary>Which users to list.</summary>
public sealed record UserQuery : ListQuery
{
    /// <summary>The one with this e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Members of this organization.</summary>
    public string? OrganizationId { get; init; }

    internal override Target AddTo(Target target) => base.AddTo(target).With("email", Email).With("organization_id", OrganizationId);
}

/// <summary>Which memberships to list.</summary>
public sealed record MembershipQuery : ListQuery
{
    /// <summary>This user's.</summary>
    public string? UserId { get; init; }

    /// <summary>This organization's.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>In one of these statuses.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    internal override Target AddTo(Target target) => base.AddTo(target)
        .With("user_id", UserId)
        .With("organization_id", OrganizationId)
        .With("statuses", Statuses);
}
