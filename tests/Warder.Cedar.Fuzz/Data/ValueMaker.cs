using Warder.Cedar.Fuzz.Schemas;

namespace Warder.Cedar.Fuzz.Data;

/// <summary>Makes values in JSON, of a type or of none.</summary>
/// <param name="chance">The source of randomness.</param>
/// <param name="population">The names of entities.</param>
/// <param name="isGuided">Whether a schema determines the types, so that escapes may be missing.</param>
/// <param name="wrongness">The probability that a value does not fit.</param>
internal sealed class ValueMaker(Chance chance, Population population, bool isGuided, double wrongness)
{
    /// <summary>Makes a value, nearly always of the type.</summary>
    public string Of(Shape shape)
    {
        if (chance.Of(wrongness))
            return Of(Other());
        return shape.Kind switch
        {
            ShapeKind.Bool => chance.Pick("true", "false"),
            ShapeKind.Long => Long(),
            ShapeKind.String => Quoted.Json(chance, chance.PickFrom(Literals.Texts)),
            ShapeKind.Entity => Entity(population.Of(shape.EntityType)),
            ShapeKind.Set => $"[{string.Join(',', chance.Many(chance.Pick(0, 1, 2, 3, 5), () => Of(shape.Element!)))}]",
            ShapeKind.Record => Record(shape.Fields),
            _ => Extension(shape.Function!),
        };
    }

    /// <summary>Makes a record with the fields, or most of them.</summary>
    public string Record(IEnumerable<Field> fields)
    {
        var parts = fields.Where(field => chance.Of(field.IsRequired ? 1 - wrongness : 0.6))
            .Select(field => $"{Quoted.Json(chance, field.Name)}:{Of(field.Shape)}").ToList();
        if (chance.Of(wrongness))
            parts.Add($"\"surplus\":{Of(Other())}");
        return $"{{{string.Join(',', parts)}}}";
    }

    private Shape Other()
        => chance.Pick(
            Shape.Bool, Shape.Long, Shape.String, Shape.Ip, Shape.Decimal, Shape.SetOf(Shape.Long), Shape.EntityOf("Nowhere"),
            Shape.RecordOf([new Field("a", Shape.Long, true)]));

    // JSON has no leading zeroes, and -0 is no integer there.
    private string Long()
        => chance.Of(0.8) ? chance.PickFrom(Literals.Longs) is not ("007" or "-0") and var literal ? literal : "7" : $"{chance.Number()}";

    private string Entity(Uid uid)
    {
        var isEscaped = !isGuided || chance.Of(0.5);
        chance.Note(isEscaped ? "entity:escaped" : "entity:implicit");
        return isEscaped ? uid.Escaped(chance) : uid.Json(chance);
    }

    private string Extension(string function)
    {
        var text = Quoted.Json(chance, Literals.Of(chance, function, !chance.Of(wrongness)));
        if (isGuided && chance.Of(0.3))
            return chance.Note("extension:implicit", text);
        if (function == "datetime" && chance.Of(0.1))
            return chance.Note(
                "extension:method",
                $"{{\"__extn\":{{\"fn\":\"offset\",\"args\":[{{\"__extn\":{{\"fn\":\"datetime\",\"arg\":{text}}}}},"
                    + $"{{\"__extn\":{{\"fn\":\"duration\",\"arg\":\"1d\"}}}}]}}}}");
        var call = chance.Of(0.85) ? $"{{\"fn\":\"{function}\",\"arg\":{text}}}" : $"{{\"fn\":\"{function}\",\"args\":[{text}]}}";
        return isGuided
            && chance.Of(0.3) ? chance.Note("extension:half", call) : chance.Note("extension:escaped", $"{{\"__extn\":{call}}}");
    }
}
