using Warder.Contracts.Keys;

namespace Warder.Client;

/// <summary>
/// The owner that a key acts for: an <see cref="OrganizationOwner"/> or a <see cref="MemberOwner"/>. Later versions add kinds of owners, so
/// that a <c>switch</c> over the kinds needs a default.
/// </summary>
public abstract record Owner
{
    private protected Owner()
    {
    }

    /// <summary>The organization: the owner itself, or the one in which the owner is a member.</summary>
    public abstract string OrganizationId { get; }

    internal static Owner? Of(KeyOwner owner) => owner.Type switch
    {
        OwnerTypes.Organization => new OrganizationOwner(owner.Id),
        OwnerTypes.User when owner.OrganizationId is { } organization => new MemberOwner(organization, owner.Id),
        _ => null,
    };
}

/// <summary>An organization that owns a key itself.</summary>
public sealed record OrganizationOwner : Owner
{
    /// <summary>Creates an owner from an organization's id.</summary>
    /// <param name="organizationId"><c>org_…</c></param>
    public OrganizationOwner(string organizationId) => OrganizationId = organizationId;

    /// <inheritdoc/>
    public override string OrganizationId { get; }
}

/// <summary>A user as a member of an organization.</summary>
public sealed record MemberOwner : Owner
{
    /// <summary>Creates an owner from the ids of an organization and a user.</summary>
    /// <param name="organizationId"><c>org_…</c></param>
    /// <param name="userId"><c>user_…</c></param>
    public MemberOwner(string organizationId, string userId) => (OrganizationId, UserId) = (organizationId, userId);

    /// <inheritdoc/>
    public override string OrganizationId { get; }

    /// <summary>The member: <c>user_…</c></summary>
    public string UserId { get; }
}
