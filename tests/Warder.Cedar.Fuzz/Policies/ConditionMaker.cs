using Warder.Cedar.Fuzz.Data;
using Warder.Cedar.Fuzz.Schemas;

namespace Warder.Cedar.Fuzz.Policies;

/// <summary>Makes boolean expressions.</summary>
internal sealed partial class ExpressionMaker
{
    /// <summary>Makes a condition.</summary>
    public string Bool(int depth)
    {
        if (chance.Of(looseness * 0.5))
            return Any(depth - 1);
        if (depth <= 0)
            return chance.Below(6) switch
            {
                0 => chance.Pick("true", "true", "false"),
                1 => $"{chance.Pick("principal", "resource")} {chance.Note("is", "is")} {TypeName()}",
                2 => Access(0),
                3 => Has(),
                4 => chance.Note("in:entity", $"{chance.Pick("principal", "resource")} in {population.Any().Cedar(chance)}"),
                _ => $"({Equality(0)})",
            };
        if (chance.Of(0.004))
            return Deep();
        return chance.Below(26) switch
        {
            0 or 1 => chance.Note("&&", $"({string.Join(" && ", chance.Many(chance.Pick(2, 2, 3, 5), () => Bool(depth - 1)))})"),
            2 or 3 => chance.Note("||", $"({string.Join(" || ", chance.Many(chance.Pick(2, 2, 3, 5), () => Bool(depth - 1)))})"),
            4 => $"({Bool(depth - 1)} && {Bool(depth - 1)} || {Bool(depth - 1)})",
            5 => $"{chance.Note("!", chance.Pick("!", "!", "!!", "!!!"))}({Bool(depth - 1)})",
            6 => chance.Note("if", $"(if {Bool(depth - 1)} then {Bool(depth - 1)} else {Bool(depth - 1)})"),
            7 or 8 => $"({Equality(depth)})",
            9 => Ordering(depth, Shape.Long),
            10 => Ordering(depth, chance.Pick(Shape.DateTime, Shape.Duration)),
            11 => In(depth),
            12 => Is(depth),
            13 or 14 => Access(depth),
            15 => Has(),
            16 => Like(depth),
            17 => HasTag(depth),
            18 or 19 => SetMethod(depth),
            20 or 21 => IpMethod(depth),
            22 => DecimalMethod(depth),
            23 => Compound(depth),
            24 => Of(Shape.Bool, depth - 1),
            _ => Bool(0),
        };
    }

    // Nested deeply, within all bounds.
    private string Deep()
    {
        var times = chance.Between(5, 12);
        chance.Note("deep");
        return chance.Below(4) switch
        {
            0 => $"{Repeat("(")}{Bool(1)}{Repeat(")")}",
            1 => $"{Repeat("(if true then ")}{Bool(1)}{Repeat(" else false)")}",
            2 => $"{Repeat("!(")}{Bool(1)}{Repeat(")")}",
            _ => $"{Repeat("[")}1{Repeat("]")} == {Repeat("[")}{Long(1)}{Repeat("]")}",
        };

        string Repeat(string piece) => string.Concat(Enumerable.Repeat(piece, times));
    }

    private string TypeName() => chance.Of(0.97) ? chance.PickFrom(model.Kinds).FullName : chance.Pick("Nowhere", "N::Nowhere", "Action");

    private string Equality(int depth)
    {
        var operation = chance.Pick("==", "==", "!=");
        chance.Note(operation);
        if (chance.Of(looseness))
            return $"{Any(depth - 1)} {operation} {Any(depth - 1)}";
        if (chance.Of(0.5) && paths.ToAny() is { } path)
            return path.Guards.Count == 0
                ? $"{path.Text} {operation} {Of(path.Shape, depth - 1)}"
                : chance.Note("guard", $"{string.Join(" && ", path.Guards)} && {path.Text} {operation} {Of(path.Shape, depth - 1)}");
        var shape = AnyShape();
        return $"{Of(shape, depth - 1)} {operation} {Of(shape, depth - 1)}";
    }

    private string Ordering(int depth, Shape shape)
    {
        var operation = chance.Pick("<", "<=", ">", ">=");
        chance.Note(operation);
        return $"({Of(shape, depth - 1)} {operation} {Of(shape, depth - 1)})";
    }

    private string In(int depth) => chance.Below(4) switch
    {
        0 => chance.Note(
            "in:set",
            $"({AnyEntity(depth)} in ["
                + string.Join(", ", chance.Many(chance.Pick(0, 1, 2, 3), () => chance.Of(looseness) ? Any(0) : AnyEntity(depth - 1)))
                + "])"),
        1 => chance.Note(
            "in:action",
            "(action in "
                + (chance.Of(0.6)
                    ? population.Action().Cedar(chance)
                    : $"[{string.Join(", ", chance.Many(2, () => population.Action().Cedar(chance)))}]")
                + ")"),
        2 when paths.To(ShapeKind.Set) is { Shape.Element.Kind: ShapeKind.Entity } set
            => chance.Note("in:set", $"({AnyEntity(depth)} in {Guarded(set, set.Shape, depth)})"),
        _ => chance.Note("in:entity", $"({AnyEntity(depth)} in {AnyEntity(depth)})"),
    };

    private string Is(int depth) => chance.Of(0.6)
        ? chance.Note("is", $"({AnyEntity(depth)} is {TypeName()})")
        : chance.Note(
            "is in", $"({AnyEntity(depth)} is {TypeName()} in {(chance.Of(0.85) ? AnyEntity(depth) : $"[{AnyEntity(depth - 1)}]")})");

    // A boolean attribute, or any attribute.
    private string Access(int depth) => paths.To(ShapeKind.Bool) is { } path
        ? path.Guards.Count == 0 ? path.Text : $"({string.Join(" && ", path.Guards)} && {path.Text})"
        : chance.Of(looseness)
            ? $"{chance.Pick("principal", "resource", "context", "action")}{Paths.Step(chance, chance.PickFrom(Literals.Names))}"
            : Has();

    private string Has()
    {
        var operand = chance.Of(0.6) || paths.ToAny() is not { Guards.Count: 0, Shape.Kind: ShapeKind.Entity or ShapeKind.Record } path
            ? chance.Pick("principal", "resource", "context", "action")
            : path.Text;
        if (chance.Of(0.35))
            return chance.Note(
                "has path",
                $"({operand} has {string.Join('.', chance.Many(chance.Between(2, 4), () => chance.Pick("a", "b", "c", "name", "type")))})");
        return chance.Note(
            "has",
            $"({operand} has "
                + (chance.Of(0.5)
                    ? chance.Pick("a", "b", "c", "name", "_")
                    : Quoted.Cedar(chance, chance.PickFrom(Literals.Names)))
                + ")");
    }

    private string Like(int depth)
    {
        var pattern = string.Concat(chance.Many(chance.Below(5), () => chance.Below(4) switch
        {
            0 or 1 => "*",
            2 => chance.Note("like:\\*", "\\*"),
            _ => Quoted.Cedar(chance, chance.PickFrom(Literals.Texts).Replace("*", "", StringComparison.Ordinal))[1..^1],
        }));
        return chance.Note("like", $"({Of(Shape.String, depth - 1)} like \"{pattern}\")");
    }

    private string HasTag(int depth)
    {
        if (paths.ToTagged() is not var (path, tag))
            return chance.Of(looseness * 3) ? chance.Note("hasTag", $"{AnyEntity(depth)}.hasTag({Of(Shape.String, depth - 1)})") : Has();
        var name = Quoted.Cedar(chance, chance.PickFrom(Literals.Texts[..5]));
        var guard = string.Join(" && ", [.. path.Guards, chance.Note("hasTag", $"{path.Text}.hasTag({name})")]);
        return chance.Of(0.4) ? $"({guard})" : chance.Note(
            "getTag", $"({guard} && {path.Text}.getTag({name}) {chance.Pick("==", "!=")} {Of(tag, depth - 1)})");
    }

    private string SetMethod(int depth)
    {
        var element = chance.Of(0.4) && paths.To(ShapeKind.Set) is { } some ? some.Shape.Element! : AnyScalar();
        var set = Of(Shape.SetOf(element), depth - 1);
        return chance.Below(5) switch
        {
            0 or 1 => chance.Note("contains", $"{set}.contains({Of(element, depth - 1)})"),
            2 => chance.Note("containsAll", $"{set}.containsAll({Of(Shape.SetOf(element), depth - 1)})"),
            3 => chance.Note("containsAny", $"{set}.containsAny({Of(Shape.SetOf(element), depth - 1)})"),
            _ => chance.Note("isEmpty", $"{set}.isEmpty()"),
        };
    }

    private string IpMethod(int depth)
    {
        var method = chance.Pick("isIpv4", "isIpv6", "isLoopback", "isMulticast", "isInRange", "isInRange");
        return chance.Note(method, $"{Of(Shape.Ip, depth - 1)}.{method}({(method == "isInRange" ? Of(Shape.Ip, depth - 1) : "")})");
    }

    private string DecimalMethod(int depth)
    {
        var method = chance.Pick("lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual");
        return chance.Note(method, $"{Of(Shape.Decimal, depth - 1)}.{method}({Of(Shape.Decimal, depth - 1)})");
    }

    // Guards in other places than directly before: behind negations and alternatives, in the branches of a choice.
    private string Compound(int depth)
    {
        if (paths.ToAny() is not { Guards.Count: > 0 } path)
            return Bool(depth - 1);
        var (guard, use) = (string.Join(" && ", path.Guards), $"{path.Text} == {Of(path.Shape, depth - 1)}");
        chance.Note("guard");
        return chance.Below(6) switch
        {
            0 => $"(!({guard}) || {use})",
            1 => $"(if !({guard}) then {Bool(depth - 1)} else {use})",
            2 => $"(({guard} && {Bool(depth - 1)}) && {use})",
            3 => $"(({guard} || {Bool(depth - 1)}) && {use})",
            4 => $"({guard} && ({Bool(depth - 1)} || {use}))",
            _ => $"((if {Bool(depth - 1)} then {guard} else false) && {use})",
        };
    }
}
