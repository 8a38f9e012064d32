using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Validation;

namespace Warder.Cedar.Tests.Validation;

/// <summary>The distance from the request at which a policy reads entities. (Cedar documentation: "Level validation".)</summary>
public sealed class LevelTests
{
    private const int Never = int.MaxValue;

    private static readonly Schema Measure = Schema.Parse("""
        entity Group in [Group];
        entity User in [Group] {
          age: Long, boss: User, name?: String, home: { street: String, owner: User }, friends: Set<User>
        } tags User;
        action view in [all] appliesTo { principal: User, resource: User, context: { user: User, n: Long } };
        action all;
        """).ValueOrThrow();

    [Theory]
    [InlineData("principal == resource", 0)]
    [InlineData("principal is User", 0)]
    [InlineData("context.n == 1", 0)]
    [InlineData("context.user == principal", 0)]
    [InlineData("context has user", 0)]
    [InlineData("User::\"a\" == principal", 0)]
    [InlineData("principal.age == 1", 1)]
    [InlineData("principal has age", 1)]
    [InlineData("context.user.age == 1", 1)]
    [InlineData("principal in Group::\"g\"", 1)]
    [InlineData("principal is User in Group::\"g\"", 1)]
    [InlineData("principal.hasTag(\"t\")", 1)]
    [InlineData("principal.hasTag(\"t\") && principal.getTag(\"t\") == principal", 1)]
    [InlineData("principal.hasTag(\"t\") && principal.getTag(\"t\").age == 1", 2)]
    [InlineData("principal.home.street == \"x\"", 1)]
    [InlineData("principal.home.owner.age == 1", 2)]
    [InlineData("principal.boss == resource", 1)]
    [InlineData("principal.boss.age == 1", 2)]
    [InlineData("principal.boss.boss.boss.age == 1", 4)]
    [InlineData("principal.boss in resource", 2)]
    [InlineData("principal in resource.boss", 1)]
    [InlineData("principal in resource.boss.boss", 2)]
    [InlineData("principal.friends.contains(resource)", 1)]
    [InlineData("principal.friends.contains(resource.boss.boss)", 2)]
    [InlineData("principal has boss.boss.name", 3)]
    [InlineData("principal has boss.boss.name && principal.boss.boss.name == \"x\"", 3)]
    [InlineData("principal has home.owner.name", 2)]
    [InlineData("(if principal.age == 1 then principal else resource.boss).age == 1", 2)]
    [InlineData("(if resource.boss.boss.age == 1 then principal else resource).age == 1", 3)]
    [InlineData("{a: principal, b: 1}.a.age == 1", 1)]
    [InlineData("{a: principal.boss, b: 1}.a.age == 1", 2)]
    [InlineData("{a: principal, b: resource.boss.boss}.a.age == 1", 2)]
    [InlineData("{a: {c: principal.boss}, b: User::\"x\"}.a.c.age == 1", 2)]
    [InlineData("[principal.boss].contains(resource)", 1)]
    [InlineData("!(principal.age == 1) || -principal.boss.age == 2", 2)]
    [InlineData("action in Action::\"all\"", 1)]
    [InlineData("Action::\"view\" in Action::\"all\"", 1)]
    [InlineData("User::\"a\".age == 1", Never)]
    [InlineData("User::\"a\" in Group::\"g\"", Never)]
    [InlineData("User::\"a\".hasTag(\"t\")", Never)]
    [InlineData("(if true then principal else User::\"a\").age == 1", 1)]
    [InlineData("(if principal.age == 1 then principal else User::\"a\").age == 1", Never)]
    [InlineData("false && principal.boss.age == 1", 0)]
    [InlineData("principal is Group && principal.boss.age == 1", 0)]
    public void Conditions(string expression, int level) => Check($"permit(principal, action, resource) when {{ {expression} }};", level);

    [Theory]
    [InlineData("permit(principal == User::\"a\", action == Action::\"view\", resource is User);", 0)]
    [InlineData("permit(principal in Group::\"g\", action, resource);", 1)]
    [InlineData("permit(principal is User in ?principal, action, resource);", 1)]
    [InlineData("permit(principal == ?principal, action, resource);", 0)]
    [InlineData("permit(principal, action in Action::\"all\", resource);", 1)]
    [InlineData("permit(principal is Group, action in Action::\"all\", resource);", 0)]
    public void Scopes(string policy, int level) => Check(policy, level);

    private static void Check(string text, int level)
    {
        var policies = PolicySet.Parse(text).ValueOrThrow();

        Assert.True(Validator.Validate(policies, Measure).IsValid);
        Assert.Equal(level != Never, Validator.Validate(policies, Measure, level).IsValid);
        if (level == 0)
            return;
        var below = Validator.Validate(policies, Measure, level - 1).Errors;
        Assert.NotEmpty(below);
        Assert.All(below, error => Assert.Equal(ValidationCodes.LevelExceeded, error.Code));
    }
}
