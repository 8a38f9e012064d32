using Warder.Cedar.Fuzz.Schemas;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Fuzz.Policies;

/// <summary>The types of the request's parts that a policy's conditions may assume.</summary>
internal sealed record Surroundings(EntityKind? Principal, ActionKind? Action, EntityKind? Resource);

/// <summary>A path from the request to a value, with the attributes that must be present on it.</summary>
internal sealed record Path(string Text, Shape Shape, IReadOnlyList<string> Guards);

/// <summary>Finds all short paths from the parts of a request to values.</summary>
internal sealed class Paths
{
    private const int Most = 150;

    private readonly Chance _chance;
    private readonly Model _model;
    private readonly List<Path> _all = [];

    public Paths(Chance chance, Model model, Surroundings surroundings)
    {
        (_chance, _model) = (chance, model);
        List<Path> level = [];
        if (surroundings.Principal is { } principal)
            level.Add(new Path("principal", Shape.EntityOf(principal.FullName), []));
        if (surroundings.Resource is { } resource)
            level.Add(new Path("resource", Shape.EntityOf(resource.FullName), []));
        if (surroundings.Action is { } action)
            level.Add(new Path("action", Shape.EntityOf(action.Type), []));
        if (surroundings.Action?.AppliesTo is { } applies)
            level.Add(new Path("context", applies.Context, []));
        for (var depth = 0; depth < 4 && _all.Count < Most; depth++)
        {
            _all.AddRange(level);
            level = [.. level.SelectMany(Steps).Take(Most)];
        }
    }

    /// <summary>Returns a path to a value of the type; null when there is none.</summary>
    public Path? To(Shape shape) => Some(path => path.Shape.Fits(shape));

    /// <summary>Returns a path to a value of the kind; null when there is none.</summary>
    public Path? To(ShapeKind kind) => Some(path => path.Shape.Kind == kind);

    /// <summary>Returns any path.</summary>
    public Path? ToAny() => Some(_ => true);

    /// <summary>Returns a path to an entity that has tags.</summary>
    public (Path Path, Shape Tag)? ToTagged()
        => Some(path => TagOf(path.Shape) is not null) is { } found ? (found, TagOf(found.Shape)!) : null;

    /// <summary>Writes an attribute access, with a dot or in brackets.</summary>
    public static string Step(Chance chance, string name)
        => Identifiers.IsName(name) && chance.Of(0.85) ? $".{name}" : $"[{Quoted.Cedar(chance, name)}]";

    private Path? Some(Predicate<Path> isWanted) => _all.FindAll(isWanted) is { Count: > 0 } found ? _chance.PickFrom(found) : null;

    private Shape? TagOf(Shape shape) => shape.Kind == ShapeKind.Entity ? _model.Kind(shape.EntityType)?.Tags : null;

    private IEnumerable<Path> Steps(Path path)
    {
        var fields = path.Shape.Kind == ShapeKind.Record
            ? path.Shape.Fields
            : path.Shape.Kind == ShapeKind.Entity ? _model.Kind(path.Shape.EntityType)?.Shape.Fields ?? [] : [];
        return fields.Select(field => new Path(
            path.Text + Step(_chance, field.Name),
            field.Shape,
            field.IsRequired
                ? path.Guards
                : [.. path.Guards,
                    $"{path.Text} has"
                        + $" {(Identifiers.IsName(field.Name) && _chance.Of(0.9) ? field.Name : Quoted.Cedar(_chance, field.Name))}"]));
    }
}
