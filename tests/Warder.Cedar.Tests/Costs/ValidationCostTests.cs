using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Validation;

namespace Warder.Cedar.Tests.Costs;

/// <summary>
/// A step of validation takes at most 100 ns of processor time, too, with a level and without; and reading costs at most what the length
/// allows, for any entanglement.
/// </summary>
public sealed class ValidationCostTests
{
    private const double NanosecondsAStep = 100;
    private const double NanosecondsACharacter = 2_000;
    private const double Constant = 20_000_000;
    private const int Runs = 5;
    private const int Many = 5_000;

    private const string Entities =
        "entity Group in [Group]; entity User in [Group] {self?: User, name?: String, n: Long, wide: {W}} tags String; entity Album in"
            + " [Album];";

    public static TheoryData<string, int> Policies => new(
        ("context.n == 1 && context has self && context.self has self", 500), ("context has self", Many),
        ("principal.hasTag(\"{0}\") && principal.getTag(\"{0}\") == \"x\"", 1_000),
        ("(context has self || principal has self) && (if principal has name then principal has self else context has self)", 300),
        ("principal.missing{0}", Many),
        ("principal.n == \"{0}\"", Many), ("[1, \"a\"].contains({0})", Many), ("User::\"{0}\" == Usr::\"{0}\"", Many),
        ("principal.wide == principal.wide", Many),
        ("principal.wide == {{a: 1}}", Many), ("[principal.wide, principal.wide].contains(principal.wide)", Many),
        ("principal in [Group::\"a\", Group::\"{0}\"]", Many),
        ("context.s like \"*a*\" || context.s == \"{0}\"", Many), ("ip(\"{0}\").isIpv4()", Many),
        ("decimal(\"1.0\").lessThan(decimal(\"{0}.1\"))", Many),
        ("-context.n + {0} * 2 < context.n && !(context.n == 1)", Many), ("{{a: {0}, b: context.n}}.a == 1", Many),
        ("if context.n == {0} then context.n == 1 else false", Many),
        ("principal is User in Group::\"{0}\"", Many),
        ("[context.n].containsAll([{0}]) || [context.n].containsAny([1]) || [context.n].isEmpty()", Many));

    [Theory]
    [MemberData(nameof(Policies))]
    public void Validation_takes_no_more_time_than_its_steps_allow(string condition, int times)
    {
        var schema = Schema.Parse(
            $"{Entities.Replace("{W}", $"{{{Fields(500)}}}", StringComparison.Ordinal)} action view appliesTo {{principal: [User, Group],"
                + $" resource: Album, context: {{n: Long, s: String, self?: User}}}};").ValueOrThrow();
        var conditions = string.Join(
            " && ",
            Enumerable.Range(0, times).Select(
                it => $"({string.Format(System.Globalization.CultureInfo.InvariantCulture, condition, it)})"));
        var policies = PolicySet.Parse($"permit(principal, action, resource) when {{ {conditions} }};").ValueOrThrow();

        Check(policies, schema, null);
        Check(policies, schema, 3);
    }

    [Fact]
    public void Many_policies_for_many_kinds_of_requests_take_no_more_time_than_their_steps_allow()
    {
        var types = string.Join(", ", Enumerable.Range(0, 30).Select(it => $"E{it}"));
        var schema = Schema.Parse($"entity {types}; action a, b, c appliesTo {{principal: [{types}], resource: [{types}]}};")
            .ValueOrThrow();
        var policies = PolicySet.Parse(
            string.Concat(
                Enumerable.Repeat(
                    "permit(principal, action in [Action::\"a\", Action::\"b\"], resource) when { principal == resource };",
                    100))).ValueOrThrow();

        Check(policies, schema, null);
        Check(policies, schema, 1);
    }

    [Fact]
    public void Nested_conditions_that_make_sure_of_much_take_no_more_time_than_their_steps_allow()
    {
        var attributes = string.Join(", ", Enumerable.Range(0, 500).Select(it => $"a{it}?: Long"));
        var schema = Schema.Parse($"entity User {{{attributes}}}; action view appliesTo {{principal: User, resource: User}};")
            .ValueOrThrow();
        var condition = string.Join(" && ", Enumerable.Range(0, 500).Select(it => $"principal has a{it}"));
        for (var level = 0; level < 40; level++)
            condition = level % 2 == 0
                ? $"(principal has a0 && ({condition}))"
                : $"(if {condition} then principal has a1 else principal has a0)";

        Check(PolicySet.Parse($"permit(principal, action, resource) when {{ {condition} }};").ValueOrThrow(), schema, null);
    }

    [Fact]
    public void A_test_of_type_and_group_inside_another_is_typed_once()
    {
        var condition = "principal";
        for (var level = 0; level < 30; level++)
            condition = $"(if {condition} is User in Group::\"1\" then principal else principal)";
        var schema = Schema.Parse("entity Group; entity User in [Group]; action view appliesTo {principal: User, resource: User};")
            .ValueOrThrow();
        var steps = Check(
            PolicySet.Parse($"permit(principal, action, resource) when {{ {condition} == principal }};").ValueOrThrow(), schema, null);

        Assert.InRange(steps, 1, 10_000);
    }

    [Fact]
    public void The_policies_of_a_set_share_their_steps_and_where_they_end_the_policy_says_so()
    {
        var schema = Schema.Parse("entity User; action view appliesTo {principal: User, resource: User};").ValueOrThrow();
        var policies = PolicySet.Parse(
            string.Concat(Enumerable.Repeat("permit(principal, action, resource) when { principal == resource };", 1_000))).ValueOrThrow();

        Assert.True(Validator.Validate(policies, schema).IsValid);
        var error = Assert.Single(Validator.Validate(policies, schema, limits: Limits.Default with { ValidationSteps = 1_000 }).Errors);
        Assert.Equal(ValidationCodes.LimitExceeded, error.Code);
        Assert.NotNull(error.PolicyId);
    }

    /// <summary>Texts whose parts multiply, with the most characters that the library keeps of each.</summary>
    public static TheoryData<string> Schemas => new(
        $"entity {Names("A", 2_000)} {{{Fields(2_000)}}};",
        $"entity {Names("A", 2_000)} in [{Names("A", 2_000)}];",
        $"entity {Names("A", 2_000)} enum [{string.Join(", ", Enumerable.Range(0, 5_000).Select(it => $"\"{it}\""))}];",
        $"entity {Names("A", 2_000)}; action {Names("a", 2_000)} appliesTo {{principal: [{Names("A", 2_000)}], resource:"
            + $" [{Names("A", 2_000)}], context: {{{Fields(2_000)}}}}};",
        $"action {Names("b", 2_000)}; action {Names("a", 2_000)} in [{Names("b", 2_000)}];",
        string.Concat(Enumerable.Range(0, 1_000).Select(it => $"entity A{it}{(it == 0 ? "" : $" in [{Names("A", it)}]")};")),
        string.Concat(Enumerable.Range(0, 1_000).Select(it => $"action a{it}{(it == 0 ? "" : $" in [{Names("a", it)}]")};")),
        $"entity A {{x: {string.Join("::", Enumerable.Repeat("A", 20_000))}}};",
        $"entity A in [{Names("Missing", 50_000)}];",
        $"namespace {string.Join("::", Enumerable.Repeat("A", 20_000))} {{ entity {Names("A", 10_000)}; }}");

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Reading_a_schema_takes_no_more_time_and_memory_than_its_length_allows(string text)
        => CheckReading(text.Length, () => Schema.Parse(text));

    [Fact]
    public void Reading_a_path_of_many_names_takes_no_more_time_and_memory_than_its_length_allows()
    {
        var path = string.Join("::", Enumerable.Repeat("A", 50_000));
        CheckReading(
            path.Length,
            () => PolicySet.Parse($"permit(principal == {path}::\"a\", action, resource) when {{ principal is {path} }};").ValueOrThrow());
    }

    [Fact]
    public void Links_of_a_template_with_many_actions_are_made_ready_in_little_memory()
    {
        var actions = string.Join(", ", Enumerable.Range(0, 20_000).Select(it => $"Action::\"{it}\""));
        var policies = PolicySet.Parse($"permit(principal == ?principal, action in [{actions}], resource);").ValueOrThrow()
            .Link(Enumerable.Range(0, 20_000).Select(it => new TemplateLink("policy0", $"{it}", new EntityUid("User", $"{it % 2}"))))
                .ValueOrThrow();
        var request = new Request(new EntityUid("User", "1"), new EntityUid("Action", "19999"), new EntityUid("User", "1"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(
            10_000,
            Authorizer.Decide(policies.Prepare(), request, Cedar.Entities.Empty, Limits.Default with { EvaluationSteps = long.MaxValue })
                .Reasons.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 500_000_000);
    }

    [Fact]
    public void What_is_said_is_short_and_found_quickly_however_long_the_text()
    {
        var schema = Schema.Parse("entity User; action view appliesTo {principal: User, resource: User};").ValueOrThrow();
        var policies = PolicySet.Parse(
            string.Concat(
                Enumerable.Range(0, 5_000)
                    .Select(it => $"permit(principal == Usr::\"{it}{new string('x', 1_000)}\", action, resource);"))).ValueOrThrow();
        var result = Validator.Validate(policies, schema);
        Check(policies, schema, null);

        Assert.All(result.Errors, error => Assert.InRange(error.ToString().Length, 1, 5_000));
        var single = PolicySet.Parse($"permit(principal, action, resource) when {{ {new string('x', 1_000_000)} }};").Diagnostics.Single();
        Assert.InRange(single.ToString().Length, 1, 5_000);
    }

    [Fact]
    public void Warnings_do_not_end_the_reading_of_a_schema()
    {
        var doubles = string.Join(", ", Enumerable.Repeat("a: Long", 100));
        var schema = Schema.Parse($"entity First {{{doubles}}}; entity Last;").ValueOrThrow();

        Assert.Contains(EntityTypeName.Parse("Last"), schema.EntityTypes.Keys);
    }

    private static string Names(string prefix, int count) => string.Join(", ", Enumerable.Range(0, count).Select(it => $"{prefix}{it}"));

    private static string Fields(int count) => string.Join(", ", Enumerable.Range(0, count).Select(it => $"f{it}: Long"));

    private static long Check(PolicySet policies, Schema schema, int? level)
    {
        var (best, taken) = (double.MaxValue, 0L);
        for (var run = 0; run < Runs && best > (taken * NanosecondsAStep) + Constant; run++)
        {
            var steps = new ValidationSteps(Limits.Default.ValidationSteps);
            best = Math.Min(best, ThreadClock.NanosecondsOf(() => Validator.Validate(policies, schema, level, Limits.Default, steps)));
            taken = steps.Taken;
        }

        var text = policies.Policies.First().ToString();
        text = text[..Math.Min(text.Length, 100)].ReplaceLineEndings(" ");
        TestContext.Current.SendDiagnosticMessage(
            $"COST {best / 1e6:f2} ms, {taken} steps, {best / taken:f1} ns each: {text} (level {level})");
        Assert.True(
            best <= (taken * NanosecondsAStep) + Constant,
            $"{text}: {best / 1e6:f1} ms for {taken} steps, which is {best / taken:f0} ns for each");
        return taken;
    }

    private static void CheckReading(int length, Action read)
    {
        const int BytesACharacter = 2_000;
        var (best, bytes) = (double.MaxValue, 0L);
        for (var run = 0; run < Runs && best > (length * NanosecondsACharacter) + Constant; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            best = Math.Min(best, ThreadClock.NanosecondsOf(read));
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        TestContext.Current.SendDiagnosticMessage(
            $"COST {best / 1e6:f2} ms, {bytes} bytes, {best / length:f1} ns and {bytes / length} bytes a character");
        Assert.True(best <= (length * NanosecondsACharacter) + Constant, $"{best / 1e6:f1} ms for {length} characters");
        Assert.InRange(bytes, 1, ((long)length * BytesACharacter) + 100_000_000);
    }
}
