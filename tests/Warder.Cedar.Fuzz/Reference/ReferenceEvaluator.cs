using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Fuzz.Reference;

/// <summary>
/// Implements the semantics of Cedar again, as plainly as possible: over the syntax, without an index, without tables, with exceptions for
/// errors, and without regard for speed. The library must decide the same.
/// </summary>
internal sealed class ReferenceEvaluator(Request request, IReadOnlyCollection<Entity> entities)
{
    private readonly Dictionary<EntityUid, Entity> _entities = entities.ToDictionary(entity => entity.Uid);

    /// <summary>The decision, the reasons and the ids of the policies that failed.</summary>
    public static string Decide(IEnumerable<Policy> policies, Request request, IReadOnlyCollection<Entity> entities)
    {
        var evaluator = new ReferenceEvaluator(request, entities);
        List<string> permits = [], forbids = [], errors = [];
        foreach (var policy in policies)
        {
            try
            {
                if (evaluator.Applies(policy))
                    (policy.Effect == Effect.Permit ? permits : forbids).Add(policy.Id);
            }
            catch (EvaluationException)
            {
                errors.Add(policy.Id);
            }
        }

        var allowed = permits.Count > 0 && forbids.Count == 0;
        return Identifiers(allowed, allowed ? permits : forbids, errors);
    }

    /// <summary>Formats a decision, equally for equal decisions: reasons and errors have no order.</summary>
    public static string Identifiers(bool isAllowed, IEnumerable<string> reasons, IEnumerable<string> errors)
        => $"{(isAllowed ? "allow" : "deny")} because of [{string.Join(',', reasons.Order(StringComparer.Ordinal))}] with errors in"
            + $" [{string.Join(',', errors.Order(StringComparer.Ordinal))}]";

    private bool Applies(Policy policy)
        => InScope(policy.Syntax.Principal, request.Principal, policy.PrincipalLink) && ActionInScope(policy.Syntax.Action)
            && InScope(policy.Syntax.Resource, request.Resource, policy.ResourceLink)
            && policy.Syntax.Conditions.All(condition => Bool(Evaluate(condition.Body)) == (condition.Kind == ConditionKind.When));

    private bool InScope(EntityScope scope, EntityUid uid, EntityUid? link) => scope.Operator switch
    {
        ScopeOperator.Any => true,
        ScopeOperator.Equal => uid == (scope.IsSlot ? link : scope.Entity),
        ScopeOperator.In => IsIn(uid, (scope.IsSlot ? link : scope.Entity)!),
        ScopeOperator.Is => uid.Type == scope.Type,
        _ => uid.Type == scope.Type && IsIn(uid, (scope.IsSlot ? link : scope.Entity)!),
    };

    private bool ActionInScope(ActionScope scope) => scope.Operator switch
    {
        ScopeOperator.Any => true,
        ScopeOperator.Equal => request.Action == scope.Entities[0],
        _ => scope.Entities.Any(group => IsIn(request.Action, group)),
    };

    private Entity? Find(EntityUid uid) => _entities.GetValueOrDefault(uid);

    private bool IsIn(EntityUid uid, EntityUid group)
    {
        var seen = new HashSet<EntityUid> { uid };
        var open = new Stack<EntityUid>(seen);
        while (open.TryPop(out var next))
        {
            foreach (var parent in Find(next)?.Parents ?? [])
            {
                if (seen.Add(parent))
                    open.Push(parent);
            }
        }

        return seen.Contains(group);
    }

    private Value Evaluate(Expression expression) => expression switch
    {
        LiteralExpression literal => literal.Value,
        VariableExpression { Variable: Variable.Principal } => request.Principal,
        VariableExpression { Variable: Variable.Action } => request.Action,
        VariableExpression { Variable: Variable.Resource } => request.Resource,
        VariableExpression => request.Context,
        IfExpression choice => Bool(Evaluate(choice.Condition)) ? Evaluate(choice.Then) : Evaluate(choice.Else),
        AndExpression and => and.Operands.All(operand => Bool(Evaluate(operand))),
        OrExpression or => or.Operands.Any(operand => Bool(Evaluate(operand))),
        UnaryExpression { Operator: UnaryOperator.Not } not => !Bool(Evaluate(not.Operand)),
        UnaryExpression { Operator: UnaryOperator.Negate } negate => Checked(() => checked(-Long(Evaluate(negate.Operand)))),
        UnaryExpression empty => Set(Evaluate(empty.Operand)).Count == 0,
        BinaryExpression binary => Binary(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right)),
        AttributeExpression attribute => Attribute(Evaluate(attribute.Operand), attribute.Attribute) ?? throw new EvaluationException(),
        HasExpression has => Has(Evaluate(has.Operand), [.. has.Path]),
        LikeExpression like => Like(Text(Evaluate(like.Operand)), like.Pattern),
        IsExpression test => Uid(Evaluate(test.Operand)).Type == test.Type
            && (test.In is null || Bool(Binary(BinaryOperator.In, Evaluate(test.Operand), Evaluate(test.In)))),
        SetExpression set => CedarSet.Create([.. set.Elements.Select(Evaluate)]),
        RecordExpression record
            => CedarRecord.Create(record.Fields.Select(field => KeyValuePair.Create(field.Name, Evaluate(field.Value)))),
        CallExpression call => Call(call.Function.Name, [.. call.Arguments.Select(Evaluate)]),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    private Value Binary(BinaryOperator operation, Value left, Value right) => operation switch
    {
        BinaryOperator.Equal => Same(left, right),
        BinaryOperator.NotEqual => !Same(left, right),
        BinaryOperator.Less => Order(left, right) < 0,
        BinaryOperator.LessOrEqual => Order(left, right) <= 0,
        BinaryOperator.Greater => Order(left, right) > 0,
        BinaryOperator.GreaterOrEqual => Order(left, right) >= 0,
        BinaryOperator.Add => Checked(() => checked(Long(left) + Long(right))),
        BinaryOperator.Subtract => Checked(() => checked(Long(left) - Long(right))),
        BinaryOperator.Multiply => Checked(() => checked(Long(left) * Long(right))),
        BinaryOperator.In when right.Kind == ValueKind.Entity => IsIn(Uid(left), Uid(right)),
        BinaryOperator.In => In(Uid(left), Set(right).Select(Uid).ToList()),
        BinaryOperator.Contains => Set(left).Any(element => Same(element, right)),
        BinaryOperator.ContainsAll => Found(Set(left), Set(right)).All(isFound => isFound),
        BinaryOperator.ContainsAny => Found(Set(left), Set(right)).Any(isFound => isFound),
        BinaryOperator.HasTag => Find(Uid(left))?.Tags.ContainsKey(Text(right)) ?? Text(right).Length < 0,
        _ => (Find(Uid(left)) ?? throw new EvaluationException()).Tags.TryGetValue(Text(right), out var value)
            ? value
            : throw new EvaluationException(),
    };

    private static IEnumerable<bool> Found(CedarSet set, CedarSet wanted) => wanted.Select(it => set.Any(element => Same(element, it)));

    private bool In(EntityUid uid, List<EntityUid> groups) => groups.Exists(group => IsIn(uid, group));

    // Equality without hashes: each element of one set has an equal one in the other.
    private static bool Same(Value left, Value right)
    {
        if (left.TryGet(out CedarSet? set) && right.TryGet(out CedarSet? other))
            return set.All(element => other.Any(it => Same(element, it))) && other.All(element => set.Any(it => Same(element, it)));
        if (left.TryGet(out CedarRecord? record) && right.TryGet(out CedarRecord? that))
            return record.Count == that.Count && record.All(field => that.Any(it => it.Key == field.Key && Same(it.Value, field.Value)));
        return left.Kind == right.Kind && left.ToString() == right.ToString();
    }

    private static int Order(Value left, Value right)
    {
        if (left.TryGet(out long a) && right.TryGet(out long b))
            return a.CompareTo(b);
        if (left.TryGet(out CedarDateTime c) && right.TryGet(out CedarDateTime d))
            return c.UnixMilliseconds.CompareTo(d.UnixMilliseconds);
        if (left.TryGet(out CedarDuration e) && right.TryGet(out CedarDuration f))
            return e.Milliseconds.CompareTo(f.Milliseconds);
        throw new EvaluationException();
    }

    private Value? Attribute(Value of, string name)
    {
        var attributes = of.TryGet(out CedarRecord? record) ? record : (Find(Uid(of)) ?? throw new EvaluationException()).Attributes;
        return attributes.Where(field => field.Key == name).Select(field => (Value?)field.Value).FirstOrDefault();
    }

    private bool Has(Value of, List<string> path)
    {
        var attributes = of.TryGet(out CedarRecord? record) ? record : Find(Uid(of))?.Attributes ?? CedarRecord.Empty;
        return attributes.TryGetValue(path[0], out var value) && (path.Count == 1 || Has(value, path[1..]));
    }

    // Character by character, from the end: finds the prefixes of the text that match a prefix of the pattern.
    private static bool Like(string text, Pattern pattern)
    {
        var matched = new bool[text.Length + 1];
        matched[0] = true;
        for (var piece = 0; piece < pattern.Pieces.Count; piece++)
        {
            for (var i = 1; piece > 0 && i <= text.Length; i++)
                matched[i] |= matched[i - 1];
            foreach (var character in pattern.Pieces[piece])
            {
                for (var i = text.Length; i > 0; i--)
                    matched[i] = matched[i - 1] && text[i - 1] == character;
                matched[0] = false;
            }
        }

        return matched[^1];
    }

    private static Value Call(string function, List<Value> given) => (function, given.Count) switch
    {
        ("ip", 1) => CedarIp.TryParse(Text(given[0]), out var ip) ? ip : throw new EvaluationException(),
        ("decimal", 1) => CedarDecimal.TryParse(Text(given[0]), out var number) ? number : throw new EvaluationException(),
        ("datetime", 1) => CedarDateTime.TryParse(Text(given[0]), out var moment) ? moment : throw new EvaluationException(),
        ("duration", 1) => CedarDuration.TryParse(Text(given[0]), out var duration) ? duration : throw new EvaluationException(),
        ("isIpv4", 1) => Ip(given[0]).IsIpv4,
        ("isIpv6", 1) => !Ip(given[0]).IsIpv4,
        ("isLoopback", 1) => Ip(given[0]).IsLoopback,
        ("isMulticast", 1) => Ip(given[0]).IsMulticast,
        ("isInRange", 2) => Ip(given[0]).IsInRange(Ip(given[1])),
        ("lessThan", 2) => Decimal(given[0]) < Decimal(given[1]),
        ("lessThanOrEqual", 2) => Decimal(given[0]) <= Decimal(given[1]),
        ("greaterThan", 2) => Decimal(given[0]) > Decimal(given[1]),
        ("greaterThanOrEqual", 2) => Decimal(given[0]) >= Decimal(given[1]),
        ("offset", 2) => new CedarDateTime(Long(Checked(() => checked(Moment(given[0]) + Duration(given[1]))))),
        ("durationSince", 2) => new CedarDuration(Long(Checked(() => checked(Moment(given[0]) - Moment(given[1]))))),
        ("toDate", 1) => new CedarDateTime(Long(Checked(() => checked(Moment(given[0]) - TimeOfDay(Moment(given[0])))))),
        ("toTime", 1) => new CedarDuration(TimeOfDay(Moment(given[0]))),
        ("toMilliseconds", 1) => Duration(given[0]),
        ("toSeconds", 1) => Duration(given[0]) / 1000,
        ("toMinutes", 1) => Duration(given[0]) / 1000 / 60,
        ("toHours", 1) => Duration(given[0]) / 1000 / 60 / 60,
        ("toDays", 1) => Duration(given[0]) / 1000 / 60 / 60 / 24,
        _ => throw new EvaluationException(),
    };

    private static long TimeOfDay(long moment) => (long)((((Int128)moment % 86_400_000) + 86_400_000) % 86_400_000);

    private static Value Checked(Func<long> compute)
    {
        try
        {
            return compute();
        }
        catch (OverflowException)
        {
            throw new EvaluationException();
        }
    }

    private static bool Bool(Value value) => value.TryGet(out bool boolean) ? boolean : throw new EvaluationException();

    private static long Long(Value value) => value.TryGet(out long number) ? number : throw new EvaluationException();

    private static string Text(Value value) => value.TryGet(out string? text) ? text : throw new EvaluationException();

    private static EntityUid Uid(Value value) => value.TryGet(out EntityUid? uid) ? uid : throw new EvaluationException();

    private static CedarSet Set(Value value) => value.TryGet(out CedarSet? set) ? set : throw new EvaluationException();

    private static CedarIp Ip(Value value) => value.TryGet(out CedarIp? ip) ? ip : throw new EvaluationException();

    private static CedarDecimal Decimal(Value value) => value.TryGet(out CedarDecimal number) ? number : throw new EvaluationException();

    private static long Moment(Value value)
        => value.TryGet(out CedarDateTime moment) ? moment.UnixMilliseconds : throw new EvaluationException();

    private static long Duration(Value value)
        => value.TryGet(out CedarDuration duration) ? duration.Milliseconds : throw new EvaluationException();

    private sealed class EvaluationException : Exception;
}
