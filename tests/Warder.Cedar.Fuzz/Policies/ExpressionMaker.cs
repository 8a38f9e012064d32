using Warder.Cedar.Fuzz.Data;
using Warder.Cedar.Fuzz.Schemas;

namespace Warder.Cedar.Fuzz.Policies;

/// <summary>Makes expressions as text: of a type, with every construct of the language for it, and now and then of another type.</summary>
/// <param name="chance">The source of randomness.</param>
/// <param name="model">The schema of the entities.</param>
/// <param name="population">The names of entities.</param>
/// <param name="paths">The values reachable from the request.</param>
/// <param name="looseness">The probability of an expression of another type, or of an unguarded value.</param>
internal sealed partial class ExpressionMaker(Chance chance, Model model, Population population, Paths paths, double looseness)
{
    /// <summary>Makes an expression of the type.</summary>
    public string Of(Shape shape, int depth)
    {
        if (chance.Of(looseness))
            return Of(AnyShape(), depth - 1);
        if (chance.Of(0.4) && paths.To(shape) is { } path)
            return Guarded(path, shape, depth);
        if (depth > 0)
        {
            switch (chance.Below(14))
            {
                case 0:
                    return chance.Note("if", $"(if {Bool(depth - 1)} then {Of(shape, depth - 1)} else {Of(shape, depth - 1)})");
                case 1 when paths.ToTagged() is var (tagged, tag) && tag.Fits(shape):
                    return Tag(tagged, shape, depth);
                case 2:
                    return $"({Of(shape, depth - 1)})";
                case 3:
                    return chance.Note(
                        "record access",
                        $"{{a: {Of(shape, depth - 1)}, {chance.Pick("b", "\"x y\"", "\"é\"")}:"
                            + $" {Any(depth - 2)}}}{Paths.Step(chance, "a")}");
            }
        }

        return shape.Kind switch
        {
            ShapeKind.Bool => Bool(depth),
            ShapeKind.Long => Long(depth),
            ShapeKind.String => Text(),
            ShapeKind.Entity => Entity(shape.EntityType),
            ShapeKind.Set => Set(shape.Element!, depth),
            ShapeKind.Record => Record(shape.Fields, depth),
            _ => Extension(shape, depth),
        };
    }

    /// <summary>Makes an expression of any type.</summary>
    public string Any(int depth) => chance.Of(0.3) && paths.ToAny() is { } path ? Guarded(path, path.Shape, depth) : Of(AnyShape(), depth);

    private Shape AnyShape() => chance.Below(14) switch
    {
        0 or 1 => Shape.Bool,
        2 or 3 => Shape.Long,
        4 => Shape.String,
        5 or 6 => Shape.EntityOf(chance.PickFrom(model.Kinds).FullName),
        7 => Shape.SetOf(AnyScalar()),
        8 => Shape.RecordOf([new Field("a", AnyScalar(), true), new Field("x y", AnyScalar(), true)]),
        9 => Shape.SetOf(Shape.SetOf(AnyScalar())),
        10 => Shape.SetOf(Shape.RecordOf([new Field("a", AnyScalar(), true)])),
        11 => Shape.RecordOf([new Field("a", AnyScalar(), true), new Field("b", Shape.SetOf(AnyScalar()), chance.Of(0.5))]),
        12 => Shape.RecordOf([new Field("a", Shape.RecordOf([new Field("b", AnyScalar(), chance.Of(0.5))]), true)]),
        _ => chance.Pick(Shape.Ip, Shape.Decimal, Shape.DateTime, Shape.Duration),
    };

    private Shape AnyScalar()
        => chance.Pick(
            Shape.Bool, Shape.Long, Shape.Long, Shape.String, Shape.Ip, Shape.Decimal, Shape.DateTime, Shape.Duration,
            Shape.EntityOf(chance.PickFrom(model.Kinds).FullName));

    // A guard precedes an optional value, or another value replaces it; now and then neither.
    private string Guarded(Path path, Shape shape, int depth)
    {
        if (path.Guards.Count == 0)
            return path.Text;
        if (chance.Of(looseness * 3))
            return chance.Note("unguarded", path.Text);
        return $"(if {string.Join(" && ", path.Guards)} then {path.Text} else {Of(shape, Math.Min(depth - 1, 1))})";
    }

    private string Tag(Path path, Shape shape, int depth)
    {
        var tag = chance.Of(0.8) ? Quoted.Cedar(chance, chance.PickFrom(Literals.Texts[..5])) : Of(Shape.String, depth - 1);
        var get = chance.Note("getTag", $"{path.Text}.getTag({tag})");
        return chance.Of(looseness * 3)
            ? get
            : $"(if {string.Join(" && ", [.. path.Guards, chance.Note("hasTag", $"{path.Text}.hasTag({tag})")])} then {get} else"
                + $" {Of(shape, depth - 2)})";
    }

    private string Long(int depth) => chance.Below(depth > 0 ? 9 : 2) switch
    {
        0 or 1 => chance.Of(0.7) ? chance.PickFrom(Literals.Longs) : chance.Of(0.5) ? $"{chance.Number()}" : $"{chance.Below(10)}",
        2 => $"({Of(Shape.Long, depth - 1)} {chance.Note("+", "+")} {Of(Shape.Long, depth - 1)})",
        3 => $"({Of(Shape.Long, depth - 1)} {chance.Note("-", "-")} {Of(Shape.Long, depth - 1)})",
        4 => $"({Of(Shape.Long, depth - 1)} {chance.Note("*", "*")} {Of(Shape.Long, depth - 1)})",
        5 => $"({Of(Shape.Long, depth - 1)} {chance.Pick("+", "-", "*")} {chance.Below(5)} {chance.Pick("+", "-", "*")}"
            + $" {Of(Shape.Long, depth - 1)})",
        6 => $"{chance.Note("negate", chance.Pick("-", "--", "- -", "---"))}{chance.Pick("", "(")}{Of(Shape.Long, depth - 1)}" is var text
            && text.Count(it => it == '(') > text.Count(it => it == ')') ? $"{text})" : text,
        _ => chance.Pick("toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays") is var method
            ? chance.Note(method, $"{Of(Shape.Duration, depth - 1)}.{method}()")
            : "",
    };

    private string Text() => Quoted.Cedar(chance, chance.PickFrom(Literals.Texts));

    private string Entity(string type)
    {
        var some = chance.Below(10);
        if (some < 4 && paths.To(Shape.EntityOf(type)) is { } path && path.Guards.Count == 0)
            return path.Text;
        return some == 9 && model.Actions.Count > 0
            ? chance.PickFrom(model.Actions) is var action ? Population.Of(action).Cedar(chance) : ""
            : population.Of(type).Cedar(chance);
    }

    private string AnyEntity(int depth) => chance.Of(0.5) && paths.To(ShapeKind.Entity) is { } path
        ? Guarded(path, path.Shape, depth)
        : chance.Of(looseness)
            ? Any(depth - 1)
            : chance.Of(0.4) ? chance.Pick("principal", "resource", "action") : population.Any().Cedar(chance);

    private string Set(Shape element, int depth)
    {
        var count = chance.Pick(0, 1, 1, 2, 2, 3, 5);
        chance.Note(count == 0 ? "set:empty" : "set");
        var elements = chance.Many(count == 0 && !chance.Of(looseness * 5) ? 1 : count, () => Of(element, depth - 1));
        return $"[{string.Join(", ", elements)}{(count > 1 && chance.Of(0.05) ? chance.Note("trailing comma", ",") : "")}]";
    }

    private string Record(IReadOnlyList<Field> fields, int depth)
    {
        var written = fields.Where(field => field.IsRequired || chance.Of(0.5))
            .Select(
                field
                    => $"{(Syntax.Identifiers.IsName(field.Name) && chance.Of(0.8) ? field.Name : Quoted.Cedar(chance, field.Name))}:"
                        + $" {Of(field.Shape, depth - 1)}");
        return chance.Note("record", $"{{{string.Join(", ", written)}}}");
    }

    private string Extension(Shape shape, int depth)
    {
        if (depth > 0 && shape.Kind == ShapeKind.DateTime && chance.Of(0.4))
            return chance.Of(0.6) ? chance.Note("offset", $"{Of(shape, depth - 1)}.offset({Of(Shape.Duration, depth - 1)})") : chance.Note(
                "toDate", $"{Of(shape, depth - 1)}.toDate()");
        if (depth > 0 && shape.Kind == ShapeKind.Duration && chance.Of(0.4))
            return chance.Of(0.6)
                ? chance.Note("durationSince", $"{Of(Shape.DateTime, depth - 1)}.durationSince({Of(Shape.DateTime, depth - 1)})")
                : chance.Note("toTime", $"{Of(Shape.DateTime, depth - 1)}.toTime()");
        var function = shape.Function!;
        chance.Note(function);
        if (chance.Of(looseness))
            return $"{function}({Of(Shape.String, depth - 1)}{(chance.Of(0.2) ? ", 1" : "")})";
        return $"{function}({Quoted.Cedar(chance, Literals.Of(chance, function, !chance.Of(looseness * 2)))})";
    }
}
