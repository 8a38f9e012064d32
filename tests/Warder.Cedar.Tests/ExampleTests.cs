using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests;

/// <summary>The examples in docs/cedar.md.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void The_example_decides_as_it_says()
    {
        var policies = PolicySet.Parse(
            """
            permit(principal in Group::"staff", action == Action::"view", resource)
              when { resource.public || resource.owner == principal };
            forbid(principal, action, resource) unless { context has mfa && context.mfa };
            """, "photos.cedar").ValueOrThrow();

        var entities = Cedar.Entities.ParseJson(
            """
            [{"uid": {"type": "User", "id": "alice"}, "attrs": {}, "parents": [{"type": "Group", "id": "staff"}]},
             {"uid": {"type": "Photo", "id": "1"}, "attrs": {"public": false, "owner": {"__entity": {"type": "User", "id": "alice"}}},
              "parents": []}]
            """).ValueOrThrow();

        var request = new Request(
            new EntityUid("User", "alice"), new EntityUid("Action", "view"), new EntityUid("Photo", "1"),
            CedarRecord.Create(KeyValuePair.Create("mfa", Value.True)));

        Assert.Equal("allow (policy0)", Authorizer.Decide(policies, request, entities).ToString());

        var withoutContext = new Request(request.Principal, request.Action, request.Resource, CedarRecord.Create());
        Assert.Equal("deny (policy1)", Authorizer.Decide(policies, withoutContext, entities).ToString());

        var explained = Authorizer.Explain(policies, request, entities).Policies[1];
        Assert.Equal(
            (PolicyOutcome.ConditionNotMet, ConditionKind.Unless, "context has mfa && context.mfa", Value.True),
            (explained.Outcome, explained.Condition!.Kind, explained.Expression!.ToString(), explained.Value));
    }

    [Fact]
    public void Its_error_is_shown_as_it_says()
        => Assert.Equal(
            """
            photos.cedar:2:17: error [unknown_name] `pricipal` is no variable (did you mean `principal`?)
              when { "a" == pricipal };
                            ^^^^^^^^
            """,
            PolicySet.Parse("permit(principal, action, resource)\n  when { \"a\" == pricipal };", "photos.cedar").Diagnostics[0]
                .ToString());
}
