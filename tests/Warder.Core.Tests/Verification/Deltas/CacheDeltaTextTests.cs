using Warder.Core.Directory;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;

namespace Warder.Core.Tests.Verification.Deltas;

public sealed class CacheDeltaTextTests
{
    private static readonly CacheDelta[] OneOfEachKind =
    [
        CacheDelta.OfKey("api_key_01"), new(CacheDeltaKind.OrganizationEnded, "org_01"), new(CacheDeltaKind.UserEnded, "user_01"),
        CacheDelta.OfMembership("om_01", MembershipStatus.Active, "role_01", ["perm_01"]), CacheDelta.OfRole("role_01", null),
        CacheDelta.OfPermission("perm_01", OwnerTypes.None), new(CacheDeltaKind.ManagementKey, "management_key_01"),
        new(CacheDeltaKind.Environment, "environment_01"), new(CacheDeltaKind.SigningKey, "signing_key_01"),
        CacheDelta.OfRequiredLevel("environment_01", 2),
    ];

    [Fact]
    public void Every_kind_is_written_with_what_it_concerns_and_read_as_it_was()
    {
        var text = CacheDeltaText.Write(OneOfEachKind);
        string[] lines =
        [
            "keys.key api_key_01 ",
            "keys.organization_ended org_01 ",
            "keys.user_ended user_01 ",
            "keys.membership om_01 0,role_01,perm_01",
            "keys.role role_01 *",
            "keys.permission perm_01 0",
            "management.management_key management_key_01 ",
            "management.environment environment_01 ",
            "management.signing_key signing_key_01 ",
            "keys.required_level environment_01 2",
        ];
        Assert.Equal(string.Concat(lines.Select(static line => line + "\n")), text);
        Assert.Equal(OneOfEachKind, CacheDeltaText.Read(text));
        Assert.Equal(Enum.GetValues<CacheDeltaKind>().Length - 1, OneOfEachKind.Length);
    }

    [Fact]
    public void The_lines_that_were_written_before_kinds_had_names_are_read()
        => Assert.Equal(
            OneOfEachKind[..9],
            CacheDeltaText.Read(
                "0 api_key_01 \n1 org_01 \n2 user_01 \n3 om_01 0,role_01,perm_01\n4 role_01 *\n5 perm_01 0\n6 management_key_01 \n7"
                    + " environment_01 \n8 signing_key_01 \n"));

    [Theory]
    [InlineData("9 x_01 y", CacheConcern.All)]
    [InlineData("keys.new x_01 y", CacheConcern.Keys)]
    [InlineData("management.new x_01 y", CacheConcern.Management)]
    [InlineData("models.new x_01 y", CacheConcern.Models)]
    [InlineData("none.new x_01 y", CacheConcern.None)]
    [InlineData("secrets.new x_01 y", CacheConcern.All)]
    [InlineData("new x_01 y", CacheConcern.All)]
    [InlineData("models.new", CacheConcern.Models)]
    [InlineData("models.new x_01", CacheConcern.Models)]
    [InlineData("models.new x_01 y z more", CacheConcern.Models)]
    [InlineData("models.key x_01 y", CacheConcern.Models)] // The kind is known under another concern: it is not this one.
    public void An_unknown_kind_concerns_what_its_line_says_and_is_passed_on_as_it_came(string line, CacheConcern concern)
    {
        var delta = Assert.Single(CacheDeltaText.Read(line + "\n"));
        Assert.Equal((false, concern), (delta.IsKnown, delta.Concern));
        Assert.Equal(line + "\n", CacheDeltaText.Write([delta]));
    }

    [Theory]
    [InlineData("keys.key api_key_01")]
    [InlineData(" api_key_01 x")]
    [InlineData("99999999999 api_key_01 x")]
    [InlineData("1x api_key_01 x")]
    [InlineData("keys.key api_key_01 a b")]
    public void Anything_else_is_refused(string line) => Assert.Throws<FormatException>(() => CacheDeltaText.Read(line + "\n"));

    [Fact]
    public void The_digest_is_that_of_the_text()
    {
        Assert.Equal(
            "6860fd31d1d94210ebd4412afa3b8a57e285317d56500af7a6c88fb4969e8d85", CacheDeltaText.DigestOf([CacheDelta.OfKey("api_key_01")]));
        Assert.Null(CacheDeltaText.DigestOf([]));
    }
}
