using Warder.Cedar.Diagnostics;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Policies;

public sealed class PolicySetTests
{
    private const string Text =
        """
        @id("first")
        permit(principal, action, resource);
        permit(principal in ?principal, action, resource == ?resource) when { context.n > 1 };
        @id("third")
        forbid(principal, action, resource) when { context.n > 5 };
        """;

    private static readonly EntityUid Someone = new("User", "a");
    private static readonly EntityUid Something = new("Photo", "p");

    [Fact]
    public void Ids_are_positions_and_annotations_where_that_is_asked_for()
    {
        var byPosition = PolicySet.Parse(Text).ValueOrThrow();
        var byAnnotation = PolicySet.Parse(Text, naming: PolicyNaming.ByIdAnnotation).ValueOrThrow();

        Assert.Equal(["policy0", "policy2"], byPosition.Policies.Select(policy => policy.Id));
        Assert.Equal(["policy1"], byPosition.Templates.Select(template => template.Id));
        Assert.Equal(["first", "third"], byAnnotation.Policies.Select(policy => policy.Id));
        Assert.Equal(["policy1"], byAnnotation.Templates.Select(template => template.Id));
        Assert.Equal("third", byPosition.FindPolicy("policy2")!.Annotation("id"));
        Assert.Null(byPosition.FindPolicy("policy2")!.Annotation("other"));
        Assert.Equal(SyntaxCodes.Duplicate, PolicySet.Parse(Text + Text, naming: PolicyNaming.ByIdAnnotation).Diagnostics[0].Code);
    }

    [Fact]
    public void A_template_decides_once_it_is_linked_and_for_what_its_slots_are_filled_with()
    {
        var policies = PolicySet.Parse("permit(principal in ?principal, action, resource == ?resource);").ValueOrThrow();
        var linked = policies.Link(new TemplateLink("policy0", "link", Someone, Something)).ValueOrThrow();
        var request = new Request(Someone, Someone, Something);

        Assert.False(Authorizer.Decide(policies, request, Entities.Empty).IsAllowed);
        Assert.Equal(["link"], Authorizer.Decide(linked, request, Entities.Empty).Reasons);
        Assert.False(Authorizer.Decide(linked, new Request(Someone, Someone, Someone), Entities.Empty).IsAllowed);
        Assert.Equal("policy0", linked.FindPolicy("link")!.TemplateId);
        Assert.Contains("principal in User::\"a\"", linked.FindPolicy("link")!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_fills_exactly_the_slots_of_a_template_that_is_there()
    {
        var policies = PolicySet.Parse("permit(principal in ?principal, action, resource); permit(principal, action, resource);")
            .ValueOrThrow();

        Assert.Equal(SyntaxCodes.InvalidSlot, Code(new TemplateLink("policy0", "link")));
        Assert.Equal(SyntaxCodes.InvalidSlot, Code(new TemplateLink("policy0", "link", Someone, Something)));
        Assert.Equal(SyntaxCodes.UnknownName, Code(new TemplateLink("policy1", "link", Someone)));
        Assert.Equal(SyntaxCodes.Duplicate, Code(new TemplateLink("policy0", "policy0", Someone)));
        Assert.Equal(SyntaxCodes.Duplicate, Code(new TemplateLink("policy0", "policy1", Someone)));
        Assert.Equal(
            SyntaxCodes.Duplicate, Code(new TemplateLink("policy0", "link", Someone), new TemplateLink("policy0", "link", Something)));

        string Code(params TemplateLink[] links) => policies.Link(links).Diagnostics[0].Code;
    }

    [Fact]
    public void Forbidding_wins_and_the_reasons_are_those_of_the_winning_side()
    {
        var policies = PolicySet.Parse(
            """
            permit(principal, action, resource);
            permit(principal, action, resource) when { context.n > 1 };
            forbid(principal, action, resource) when { context.n > 5 };
            forbid(principal, action, resource) when { context.n > 6 };
            forbid(principal, action, resource) when { context.missing };
            """).ValueOrThrow();

        Assert.Equal("allow (policy0)", Decide(0));
        Assert.Equal("allow (policy0, policy1)", Decide(5));
        Assert.Equal("deny (policy2)", Decide(6));
        Assert.Equal("deny (policy2, policy3)", Decide(7));
        Assert.Equal("deny ()", Authorizer.Decide(PolicySet.Empty, new Request(Someone, Someone, Someone), Entities.Empty).ToString());
        Assert.Equal("deny ()", default(Decision).ToString());

        string Decide(long n)
        {
            var context = CedarRecord.Create(KeyValuePair.Create("n", (Value)n));
            var decision = Authorizer.Decide(policies, new Request(Someone, Someone, Someone, context), Entities.Empty);
            Assert.Equal(["policy4"], decision.Errors.Select(error => error.PolicyId));
            return decision.ToString();
        }
    }

    [Fact]
    public void As_many_policies_as_decided_are_reasons_each_once_and_in_the_order_of_the_set()
    {
        var text = string.Concat(Enumerable.Range(0, 100).Select(number => number % 3 == 0
            ? "permit(principal, action in [Action::\"a\", Action::\"b\"], resource);"
            : number % 3 == 1
                ? "permit(principal == User::\"a\", action, resource);"
                : "permit(principal, action, resource == Photo::\"p\");"));
        var entities = Entities.Create([new Entity(new EntityUid("Action", "a"), null, [new EntityUid("Action", "b")])]).ValueOrThrow();
        var decision = Authorizer.Decide(
            PolicySet.Parse(text).ValueOrThrow(), new Request(Someone, new EntityUid("Action", "a"), Something), entities);

        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"policy{number}"), decision.Reasons);
    }

    [Fact]
    public void Policies_whose_conditions_are_written_alike_report_their_own_places()
    {
        var policies = PolicySet.Parse(
            """
            permit(principal, action, resource) when { context.a };
              permit(principal, action, resource)
              when { context.a };
            """).ValueOrThrow();
        var errors = Authorizer.Decide(policies, new Request(Someone, Someone, Someone), Entities.Empty)
            .Errors.Select(error => error.ToDiagnostic()).ToList();

        Assert.Equal([(1, 44), (3, 10)], errors.Select(error => (error.Line, error.Column)));
        Assert.Equal("policy1", errors[1].PolicyId);
        Assert.EndsWith("when { context.a };\n         ^^^^^^^^^", errors[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_can_grow_by_policies_that_were_read_elsewhere()
    {
        var syntax = Cedar.Syntax.PolicySyntax.ParseJson(
            """{"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "All"}, "conditions": []}""")
            .ValueOrThrow();
        var policies = PolicySet.Parse(Text).ValueOrThrow().With("more", syntax).ValueOrThrow();

        Assert.Equal(["policy0", "policy2", "more"], policies.Policies.Select(policy => policy.Id));
        Assert.Equal(SyntaxCodes.Duplicate, policies.With("policy1", syntax).Diagnostics[0].Code);
    }
}
