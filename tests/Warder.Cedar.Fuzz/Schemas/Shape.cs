namespace Warder.Cedar.Fuzz.Schemas;

internal enum ShapeKind
{
    Bool,
    Long,
    String,
    Entity,
    Set,
    Record,
    Ip,
    Decimal,
    DateTime,
    Duration,
}

/// <summary>A type in the generator's form: the structure of its values, and the names that it may be written by.</summary>
internal sealed record Shape(ShapeKind Kind)
{
    public static readonly Shape Bool = new(ShapeKind.Bool), Long = new(ShapeKind.Long), String = new(ShapeKind.String);
    public static readonly Shape Ip = new(ShapeKind.Ip), Decimal = new(ShapeKind.Decimal), DateTime = new(ShapeKind.DateTime),
        Duration = new(ShapeKind.Duration);

    /// <summary>The full name of the type of an entity.</summary>
    public string EntityType { get; init; } = "";

    /// <summary>The type of a set's elements.</summary>
    public Shape? Element { get; init; }

    public IReadOnlyList<Field> Fields { get; init; } = [];

    /// <summary>The common type that is written in its place.</summary>
    public CommonType? Common { get; init; }

    /// <summary>The function that makes a value of an extension type; null for other types.</summary>
    public string? Function => Kind switch
    {
        ShapeKind.Ip => "ip",
        ShapeKind.Decimal => "decimal",
        ShapeKind.DateTime => "datetime",
        ShapeKind.Duration => "duration",
        _ => null,
    };

    public static Shape EntityOf(string type) => new(ShapeKind.Entity) { EntityType = type };

    public static Shape SetOf(Shape element) => new(ShapeKind.Set) { Element = element };

    public static Shape RecordOf(IReadOnlyList<Field> fields) => new(ShapeKind.Record) { Fields = fields };

    /// <summary>Whether a value of one type may stand in place of another's.</summary>
    public bool Fits(Shape other) => Kind == other.Kind && Kind switch
    {
        ShapeKind.Entity => EntityType == other.EntityType,
        ShapeKind.Set => Element!.Fits(other.Element!),
        ShapeKind.Record => Fields.Count == other.Fields.Count
            && Fields.Zip(other.Fields).All(
                pair => pair.First.Name == pair.Second.Name
                    && pair.First.IsRequired == pair.Second.IsRequired
                    && pair.First.Shape.Fits(pair.Second.Shape)),
        _ => true,
    };
}

internal sealed record Field(string Name, Shape Shape, bool IsRequired);

internal sealed record CommonType(string Namespace, string Name, Shape Shape);

internal sealed record EntityKind(string Namespace, string Name)
{
    public string FullName => Model.Qualify(Namespace, Name);

    public List<string> MemberOf { get; set; } = [];

    /// <summary>The attributes; written as the name of a common type where the shape has one.</summary>
    public Shape Shape { get; set; } = Shape.RecordOf([]);

    public Shape? Tags { get; set; }

    /// <summary>The ids of an enumerated type.</summary>
    public List<string>? Ids { get; set; }
}

internal sealed record ActionKind(string Namespace, string Id)
{
    public string Type => Model.Qualify(Namespace, "Action");

    public List<ActionKind> MemberOf { get; set; } = [];

    /// <summary>Null when the action applies to nothing.</summary>
    public (List<string> Principals, List<string> Resources, Shape Context)? AppliesTo { get; set; }

    public bool IsIn(ActionKind group) => this == group || MemberOf.Any(parent => parent.IsIn(group));

    public bool Equals(ActionKind? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => HashCode.Combine(Namespace, Id);
}

/// <summary>A schema before it is written.</summary>
internal sealed record Model(
    IReadOnlyList<string> Namespaces, IReadOnlyList<CommonType> Commons, IReadOnlyList<EntityKind> Kinds, IReadOnlyList<ActionKind> Actions)
{
    public EntityKind? Kind(string type) => Kinds.FirstOrDefault(kind => kind.FullName == type);

    public static string Qualify(string space, string name) => space.Length == 0 ? name : $"{space}::{name}";
}
