namespace Warder.Cedar.Tests.Costs;

/// <summary>An operation on its most expensive operands.</summary>
/// <param name="Operation">The operator, function or form of expression.</param>
/// <param name="Condition">A boolean expression that uses it.</param>
/// <param name="Times">The number of repetitions of the condition.</param>
/// <param name="Holds">Whether it is true; null when its evaluation fails.</param>
internal sealed record OperatorRow(string Operation, string Condition, int Times, bool? Holds = true)
{
    /// <summary>Writes a policy that evaluates the condition that often.</summary>
    public string Policy
        => $"permit(principal, action, resource) when {{"
            + $" {string.Join(Holds == false ? " || " : " && ", Enumerable.Repeat($"({Condition})", Times))} }};";

    /// <summary>All rows: at least one for each operation of the language.</summary>
    public static IReadOnlyList<OperatorRow> All { get; } =
    [
        // 400 times, the most that 5,000 steps once allowed.
        new("ContainsAny", "context.one.containsAny([1, 2, 3, 4, 5, 6, 7, 8, 9])", 400, false),
        new("HasTag", "principal.hasTag(context.text)", 400, false),
        new("HasTag", "context.entity.hasTag(context.text)", 100, false),
        new("GetTag", "principal.getTag(context.other)", 100),
        new("GetTag", "context.entity.getTag(context.text)", 1, null),

        new("Equal", "context.text == context.same", 100),
        new("Equal", "context.text == context.other", 400, false),
        new("Equal", "context.few == context.fewSame", 100),
        new("Equal", "context.many == context.manySame", 10),
        new("Equal", "context.many == context.manyOther", 400, false),
        new("Equal", "context.sets == [context.sets]", 400, false),
        new("Equal", "context.wide == context.wideSame", 20),
        new("Equal", "context.wide == context.wideOther", 400, false),
        new("Equal", "context.deep == context.deepSame", 400),
        new("Equal", "context.deep == context.deepOther", 400, false),
        new("Equal", "context.records == context.recordsSame", 20),
        new("Equal", "context.entity == context.entitySame", 100),
        new("Equal", $"context.text == \"{HostileWorld.LongText}\"", 4),
        new("NotEqual", "context.text != context.same", 100, false),
        new("NotEqual", "context.numbers != context.numbersSame", 10, false),

        new("Less", "context.moment < context.moment", 5_000, false),
        new("LessOrEqual", "context.duration <= context.duration", 5_000),
        new("Greater", "context.number > context.number", 5_000, false),
        new("GreaterOrEqual", "context.number >= context.number", 5_000),
        new("Less", "context.text < context.text", 1, null),
        new("Add", "context.number + context.number == 2", 5_000),
        new("Add", "context.number + 9223372036854775807 == 2", 1, null),
        new("Subtract", "context.number - context.number == 0", 5_000),
        new("Multiply", "context.number * context.number == 1", 5_000),
        new("Negate", "-context.number == -1", 5_000),
        new("Not", "!context.yes", 5_000, false),
        new("IsEmpty", "context.many.isEmpty()", 5_000, false),

        new("In", "principal in context.groups", 20),
        new("In", "principal in context.outside", 20, false),
        new("In", "principal in Group::\"99999\"", 5_000),
        new("In", "context.entity in context.entitySame", 100),
        new("In", "context.entity in context.outside", 20, false),
        new("In", "action in [Action::\"999\", Action::\"b\"]", 5_000),
        new("In", "action in [Action::\"a\", context.number]", 1, null),
        new("Contains", "context.many.contains(context.text)", 400, false),
        new("Contains", "context.few.contains(context.text)", 400, false),
        new("Contains", "context.records.contains(context.wide)", 400, false),
        new("Contains", "context.addresses.contains(context.ip)", 5_000, false),
        new("Contains", "context.numbers.contains(context.number)", 5_000, false),
        new("ContainsAll", "context.many.containsAll(context.manySame)", 10),
        new("ContainsAll", "context.few.containsAll(context.fewSame)", 100),
        new("ContainsAll", "context.numbers.containsAll(context.numbersSame)", 10),
        new("ContainsAny", "context.outside.containsAny(context.groups)", 10, false),
        new("ContainsAny", "[context.text, 1].containsAny(context.one)", 100, false),

        new(nameof(Syntax.LiteralExpression), "true", 10_000),
        new(nameof(Syntax.VariableExpression), "principal == resource", 5_000, false),
        new(nameof(Syntax.IfExpression), "if context.yes then context.yes else false", 5_000),
        new(nameof(Syntax.AndExpression), "context.yes && context.yes", 5_000),
        new(nameof(Syntax.OrExpression), "false || context.yes", 5_000),
        new(nameof(Syntax.AttributeExpression), $"context.wide.{new string('n', 30)}050000 == 0", 5_000),
        new(nameof(Syntax.AttributeExpression), "context.entity.a", 100),
        new(nameof(Syntax.AttributeExpression), $"principal[\"{HostileWorld.LongText}\"]", 1, null),
        new(nameof(Syntax.HasExpression), $"context.wide has {new string('n', 30)}050000", 5_000),
        new(nameof(Syntax.HasExpression), "context.deep has a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a", 1_000),
        new(nameof(Syntax.HasExpression), "context.entity has a.b", 1, null),
        new(nameof(Syntax.LikeExpression), "context.text like \"*a*a*a*a*a*a*a*a*b\"", 50, false),
        new(nameof(Syntax.LikeExpression), $"context.text like \"*{new string('a', 500)}b{new string('a', 500)}*\"", 1, false),
        new(nameof(Syntax.LikeExpression), "context.repeated like \"*aba*bb*\"", 20, false),
        new(nameof(Syntax.LikeExpression), "context.text like \"*aba*\"", 20, false),
        new(nameof(Syntax.LikeExpression), "context.text like \"*ab*\"", 20, false),
        new(nameof(Syntax.LikeExpression), $"context.text like \"{string.Concat(Enumerable.Repeat("*a", 5_000))}*b\"", 10, false),
        new(nameof(Syntax.IsExpression), "principal is User in context.outside", 20, false),
        new(nameof(Syntax.IsExpression), "context.entity is Album in context.entitySame", 100),
        new(nameof(Syntax.SetExpression), "[context.text, context.same, context.other, context.few].contains(1)", 100, false),
        new(
            nameof(Syntax.SetExpression),
            $"[{string.Join(", ", Enumerable.Repeat("context.number, context.text, context.many", 20))}].contains(-1)", 20, false),
        new(
            nameof(Syntax.SetExpression),
            $"[{string.Join(", ", Enumerable.Range(0, 5_000).Select(it => $"context.number + {it}"))}].contains(-1)", 4, false),
        new(
            nameof(Syntax.RecordExpression),
            $"{{{string.Join(", ", Enumerable.Range(0, 5_000).Select(it => $"a{it}: context.number"))}}} == {{a: 1}}", 4, false),
        new(nameof(Syntax.RecordExpression), "{a: context.text, b: context.number} == {a: context.same, b: 1}", 100),
        new(nameof(Syntax.CallExpression), "context.ip.isInRange(context.range)", 5_000),

        new("ip", "ip(context.colons).isIpv4()", 1, null),
        new("ip", "ip(context.points).isIpv4()", 1, null),
        new("ip", "ip(context.text).isIpv4()", 1, null),
        new("isIpv4", "context.ip.isIpv4()", 5_000),
        new("isIpv6", "context.ip.isIpv6()", 5_000, false),
        new("isLoopback", "context.ip.isLoopback()", 5_000, false),
        new("isMulticast", "context.ip.isMulticast()", 5_000, false),
        new("isInRange", "context.ip.isInRange(context.range)", 5_000),
        new("decimal", "decimal(context.zeros).lessThan(context.decimal)", 1, null),
        new("lessThan", "context.decimal.lessThan(context.decimal)", 5_000, false),
        new("lessThanOrEqual", "context.decimal.lessThanOrEqual(context.decimal)", 5_000),
        new("greaterThan", "context.decimal.greaterThan(context.decimal)", 5_000, false),
        new("greaterThanOrEqual", "context.decimal.greaterThanOrEqual(context.decimal)", 5_000),
        new("datetime", "datetime(context.zeros) == context.moment", 1, null),
        new("offset", "context.moment.offset(context.duration) == context.moment", 5_000, false),
        new("durationSince", "context.moment.durationSince(context.moment) == context.duration", 5_000, false),
        new("toDate", "context.moment.toDate() == context.moment", 5_000, false),
        new("toTime", "context.moment.toTime() == context.duration", 5_000),
        new("duration", "duration(context.days) == context.duration", 20, false),
        new("duration", "duration(context.digits) == context.duration", 1, null),
        new("toMilliseconds", "context.duration.toMilliseconds() == 1", 5_000),
        new("toSeconds", "context.duration.toSeconds() == 0", 5_000),
        new("toMinutes", "context.duration.toMinutes() == 0", 5_000),
        new("toHours", "context.duration.toHours() == 0", 5_000),
        new("toDays", "context.duration.toDays() == 0", 5_000),
    ];
}
