using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Verification;

namespace Warder.Core.Tests.Directory;

/// <summary>An owner is of one kind, and what is of none is allowed nothing.</summary>
public sealed class OwnerTests
{
    [Fact]
    public void Each_kind_has_its_case()
    {
        Assert.Equal("organization o", Describe(KeyOwner.OfOrganization("o")));
        Assert.Equal("user u in o by m", Describe(Owner<string, MemberIds>.OfMember("o", new MemberIds("m", "u"))));
        Assert.Equal(KeyOwner.OfOrganization("o"), KeyOwner.OfOrganization("o"));
        Assert.NotEqual(KeyOwner.OfOrganization("o"), Owner<string, MemberIds>.OfMember("o", new MemberIds("m", "u")));
    }

    [Fact]
    public void The_default_is_no_owner()
    {
        Assert.Throws<InvalidOperationException>(() => Describe(default));
        Assert.Throws<InvalidOperationException>(() => default(Owner<string, MemberIds>).Organization);
    }

    [Fact]
    public void An_owner_of_no_kind_may_have_nothing()
        => Assert.False(Ceiling.Nothing.Allows(new Permission
        {
            Id = "p", Environment = 1, Slug = "a:b", Name = "p", ResourceTypeSlug = "organization", AllowedOwnerTypes = OwnerTypes.All, CreatedAt = default, UpdatedAt = default,
        }));

    [Theory]
    [InlineData(MembershipStatus.Active, OwnerStanding.Active)]
    [InlineData(MembershipStatus.Inactive, OwnerStanding.Inactive)]
    [InlineData(MembershipStatus.Ended, OwnerStanding.Ended)]
    [InlineData((MembershipStatus)99, OwnerStanding.Ended)]
    public void A_member_of_an_unknown_status_has_ended(MembershipStatus status, OwnerStanding standing)
    {
        Assert.Equal(standing, DecisionRules.StandingOf(organizationEnded: false, status, userEnded: false));
        Assert.Equal(OwnerStanding.Ended, DecisionRules.StandingOf(organizationEnded: true, status, userEnded: false));
        Assert.Equal(OwnerStanding.Ended, DecisionRules.StandingOf(organizationEnded: false, status, userEnded: true));
    }

    private static string Describe(Owner<string, MemberIds> owner)
        => owner.Match(static organization => $"organization {organization}", static (organization, member) => $"user {member.UserId} in {organization} by {member.MembershipId}");
}
