using Warder.Cedar.Syntax;
using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Reference;

/// <summary>
/// Generates random entities, policies and requests from one seed: few enough names to coincide, and every construct of the language.
/// </summary>
internal sealed class World
{
    private static readonly string[] Types = ["User", "Group", "Shop::Doc", "Shop::Folder"];
    private static readonly string[] Names = ["a", "b", "c", "a b", "if", ""];
    private static readonly string[] Texts = [
        "", "a", "ab", "a*b", "\U0001F600", "\"\\\n\0\u0007", "10.0.0.1", "1.5", "2026-01-31", "1d2h", "b", "c"];
    private static readonly long[] Numbers = [0, 1, 2, -1, 7, long.MaxValue, long.MinValue, long.MaxValue - 1, 1_000_000];
    private static readonly string[] Ips = [
        "10.0.0.1", "10.0.0.0/8", "::1", "ff00::/8", "127.0.0.1", "0.0.0.0/0", "::/0", "224.0.0.1/3", "1.2.3", "::1.2.3.4"];
    private static readonly string[] Decimals = ["1.0", "1.5", "-0.0001", "922337203685477.5807", "-922337203685477.5808", "1", "1.00000"];
    private static readonly string[] Moments = [
        "2026-01-31", "1969-12-31T23:59:59.999Z", "0000-01-01", "9999-12-31T23:59:59-2359", "2026-02-30", "2026-01-31T01:02:03"];
    private static readonly string[] Durations = [
        "1d", "-1ms", "9223372036854775807ms", "-9223372036854775808ms", "1h1d", "1d2h3m4s5ms", ""];

    private readonly Random _random;

    public World(int seed)
    {
        _random = new Random(seed);
        Entities = MakeEntities();
        Context = Record(2);
    }

    public List<Entity> Entities { get; }

    public CedarRecord Context { get; }

    /// <summary>The policies, with templates and links, read from their generated text.</summary>
    public PolicySet Policies(int count)
    {
        var text = string.Join('\n', Enumerable.Range(0, count).Select(_ => Policy()));
        var policies = PolicySet.Parse(text).ValueOrThrow();
        var links = from template in policies.Templates
                    from number in Enumerable.Range(0, 2)
                    select new TemplateLink(
                        template.Id, $"{template.Id}-{number}", template.HasPrincipalSlot ? Uid() : null,
                        template.HasResourceSlot ? Uid() : null);
        return policies.Link(links).ValueOrThrow();
    }

    public Request Request() => new(Uid(), Action(), Uid(), Context);

    private static int Index(EntityUid uid) => int.Parse(uid.Id, System.Globalization.CultureInfo.InvariantCulture);

    private List<Entity> MakeEntities()
    {
        // The parents of an entity have higher numbers, so there are no cycles. Some entities are missing, and with them their parents.
        var all = Types.SelectMany(type => Enumerable.Range(0, 12).Select(id => new EntityUid(type, $"{id}"))).ToList();
        var entities = all.Where(_ => Chance(0.9)).Select(uid => new Entity(
            uid, Record(2), all.Where(parent => Index(parent) > Index(uid) && Chance(0.08)), Record(1))).ToList();
        entities.AddRange(Enumerable.Range(0, 6).Select(id => new Entity(
            new EntityUid("Action", $"{id}"), null,
            Enumerable.Range(id + 1, 5 - id).Where(_ => Chance(0.3)).Select(group => new EntityUid("Action", $"{group}")))));
        return entities;
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];

    private EntityUid Uid() => new(Pick(Types), $"{_random.Next(12)}");

    private EntityUid Action() => new("Action", $"{_random.Next(6)}");

    private CedarRecord Record(int depth)
        => CedarRecord.Create(Names.Where(_ => Chance(0.6)).Select(name => KeyValuePair.Create(name, Value(depth))));

    private Value Value(int depth) => _random.Next(depth > 0 ? 12 : 8) switch
    {
        0 => Chance(0.5),
        1 or 2 => Pick(Numbers),
        3 => Pick(Texts),
        4 or 5 => Uid(),
        6 => CedarIp.TryParse(Pick(Ips), out var ip) ? ip : 1L,
        7 => CedarDateTime.TryParse(Pick(Moments), out var moment)
            ? moment
            : CedarDuration.TryParse(Pick(Durations), out var duration) ? duration : "",
        8 or 9 => Record(depth - 1),
        _ => CedarSet.Create([.. Enumerable.Range(0, _random.Next(12)).Select(_ => Value(depth - 1))]),
    };

    private PolicySyntax Policy()
    {
        var conditions = Enumerable.Range(0, _random.Next(3))
            .Select(_ => new Condition(Pick(ConditionKind.When, ConditionKind.Unless), Condition(4)));
        return new PolicySyntax(
            Chance(0.6) ? Effect.Permit : Effect.Forbid, Chance(0.2) ? [new Annotation("id", Pick(Texts)), new Annotation("if", null)] : [],
            Scope(), ActionScope(), Scope(),
            [.. conditions]);
    }

    private EntityScope Scope()
    {
        var isSlot = Chance(0.1);
        var entity = isSlot ? null : Uid();
        return _random.Next(6) switch
        {
            0 => new EntityScope(ScopeOperator.Equal, null, entity, isSlot),
            1 or 2 => new EntityScope(ScopeOperator.In, null, entity, isSlot),
            3 => new EntityScope(ScopeOperator.Is, EntityTypeName.Parse(Pick(Types)), null, false),
            4 => new EntityScope(ScopeOperator.IsIn, EntityTypeName.Parse(Pick(Types)), entity, isSlot),
            _ => EntityScope.Any,
        };
    }

    private ActionScope ActionScope() => _random.Next(4) switch
    {
        0 => new ActionScope(ScopeOperator.Equal, [Action()]),
        1 => new ActionScope(ScopeOperator.In, [Action()]),
        2 => new ActionScope(ScopeOperator.In, [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Action())]),
        _ => Syntax.ActionScope.Any,
    };

    // Mostly of the required type; now and then of any.
    private Expression Condition(int depth)
    {
        if (depth == 0)
            return new LiteralExpression(Chance(0.5));
        return _random.Next(17) switch
        {
            0 => new AndExpression([.. Conditions(depth)]),
            1 => new OrExpression([.. Conditions(depth)]),
            2 => new UnaryExpression(UnaryOperator.Not, Condition(depth - 1)),
            3 => new IfExpression(Condition(depth - 1), Condition(depth - 1), Condition(depth - 1)),
            4 => new BinaryExpression(Pick(BinaryOperator.Equal, BinaryOperator.NotEqual), Any(depth - 1), Any(depth - 1)),
            5 => new BinaryExpression(
                Pick(BinaryOperator.Less, BinaryOperator.LessOrEqual, BinaryOperator.Greater, BinaryOperator.GreaterOrEqual),
                Ordered(depth - 1), Ordered(depth - 1)),
            6 or 7 => new BinaryExpression(BinaryOperator.In, Entity(depth - 1), Chance(0.6) ? Entity(depth - 1) : Set(depth - 1, Entity)),
            8 => new IsExpression(Entity(depth - 1), EntityTypeName.Parse(Pick(Types)), Chance(0.4) ? Entity(depth - 1) : null),
            9 => new HasExpression(
                Chance(0.7) ? Entity(depth - 1) : Fields(depth - 1),
                Chance(0.7) ? [Pick(Names)] : [.. Enumerable.Range(0, 2 + _random.Next(2)).Select(_ => Pick("a", "b", "c"))]),
            10 => new LikeExpression(Text(depth - 1), Pattern()),
            11 => new BinaryExpression(BinaryOperator.HasTag, Entity(depth - 1), Text(depth - 1)),
            12 => new BinaryExpression(BinaryOperator.Contains, Set(depth - 1, Any), Any(depth - 1)),
            13 => new BinaryExpression(
                Pick(BinaryOperator.ContainsAll, BinaryOperator.ContainsAny), Set(depth - 1, Any), Set(depth - 1, Any)),
            14 => new UnaryExpression(UnaryOperator.IsEmpty, Set(depth - 1, Any)),
            15 => Call(
                depth,
                Pick(
                    "isIpv4", "isIpv6", "isLoopback", "isMulticast", "isInRange", "lessThan", "lessThanOrEqual", "greaterThan",
                    "greaterThanOrEqual")),
            _ => Any(depth - 1),
        };
    }

    // A chain within a chain of the same kind stands behind its first operand only: grouped from the left, both are one.
    private List<Expression> Conditions(int depth)
    {
        var conditions = Enumerable.Range(0, 2 + _random.Next(3)).Select(_ => Condition(depth - 1)).ToList();
        if (conditions[0] is AndExpression or OrExpression)
            conditions[0] = new UnaryExpression(UnaryOperator.Not, conditions[0]);
        return conditions;
    }

    private Expression Any(int depth) => _random.Next(8) switch
    {
        0 => Number(depth),
        1 => Text(depth),
        2 => Entity(depth),
        3 => Set(depth, Any),
        4 => Fields(depth),
        5 when depth > 0 => new AttributeExpression(Chance(0.7) ? Entity(depth - 1) : Fields(depth - 1), Pick(Names)),
        6 when depth > 0 => Call(depth, Pick([.. ExtensionFunction.All.Select(function => function.Name)])),
        7 when depth > 0 => Condition(depth - 1),
        _ => new LiteralExpression(Chance(0.5)),
    };

    private Expression Ordered(int depth)
        => Chance(0.6) ? Number(depth) : Call(depth, Pick("datetime", "duration", "offset", "durationSince", "toDate", "toTime"));

    private Expression Number(int depth) => _random.Next(depth > 0 ? 6 : 2) switch
    {
        0 or 1 => new LiteralExpression(Pick(Numbers)),
        2 => new UnaryExpression(UnaryOperator.Negate, Number(depth - 1)),
        3 or 4 => new BinaryExpression(
            Pick(BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply), Number(depth - 1), Number(depth - 1)),
        _ => Call(depth, Pick("toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays")),
    };

    private Expression Text(int depth) => Chance(0.8) || depth == 0 ? new LiteralExpression(Pick(Texts)) : Any(depth - 1);

    private Expression Entity(int depth) => _random.Next(depth > 0 ? 9 : 6) switch
    {
        0 or 1 => new VariableExpression(Variable.Principal),
        2 or 3 => new VariableExpression(Variable.Resource),
        4 => new VariableExpression(Variable.Action),
        5 => new LiteralExpression(Chance(0.8) ? Uid() : Action()),
        6 => new AttributeExpression(Entity(depth - 1), Pick(Names)),
        7 => new BinaryExpression(BinaryOperator.GetTag, Entity(depth - 1), Text(depth - 1)),
        _ => Any(depth - 1),
    };

    private Expression Fields(int depth) => Chance(0.5) || depth == 0
        ? new VariableExpression(Variable.Context)
        : new RecordExpression([.. Names.Where(_ => Chance(0.4)).Select(name => new RecordField(name, Any(depth - 1)))]);

    private SetExpression Set(int depth, Func<int, Expression> element)
        => new([.. Enumerable.Range(0, depth > 0 ? _random.Next(11) : 0).Select(_ => element(depth - 1))]);

    private CallExpression Call(int depth, string name)
    {
        var function = ExtensionFunction.Find(name)!;
        var arguments = function.Parameters.Select(
            parameter => depth == 0 ? new LiteralExpression(Literal(function)) : Argument(depth - 1, parameter, function));

        // A wrong number of arguments is not a syntax error; a method has one argument before the dot.
        return new CallExpression(function, Chance(0.03) ? [.. arguments, Any(0)] : [.. arguments]);
    }

    private Expression Argument(int depth, ValueKind kind, ExtensionFunction function) => kind switch
    {
        _ when Chance(0.05) => Any(depth),
        ValueKind.String => new LiteralExpression(Literal(function)),
        ValueKind.Ip => Call(depth, "ip"),
        ValueKind.Decimal => Call(depth, "decimal"),
        ValueKind.DateTime => Call(depth, Pick("datetime", "datetime", "offset", "toDate")),
        _ => Call(depth, Pick("duration", "duration", "durationSince", "toTime")),
    };

    private string Literal(ExtensionFunction function) => function.Result switch
    {
        ValueKind.Ip => Pick(Ips),
        ValueKind.Decimal => Pick(Decimals),
        ValueKind.DateTime => Pick(Moments),
        ValueKind.Duration => Pick(Durations),
        _ => Pick(Texts),
    };

    private Pattern Pattern()
    {
        var pattern = new Pattern.Builder();
        for (var i = _random.Next(4); i > 0; i--)
        {
            if (Chance(0.5))
                pattern.Wildcard();
            else
                pattern.Literal(Pick(Texts));
        }

        return pattern.Build();
    }
}
