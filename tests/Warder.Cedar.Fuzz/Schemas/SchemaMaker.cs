namespace Warder.Cedar.Fuzz.Schemas;

/// <summary>
/// Makes schemas: several namespaces, common types that name each other, groups of actions, and every other construct of a schema.
/// </summary>
internal sealed class SchemaMaker(Chance chance)
{
    private static readonly string[] KindNames = ["User", "Group", "Doc", "Team", "Color", "Folder", "_Odd1", "type", "Set"];
    private static readonly string[] ActionIds = ["view", "edit", "all", "a b", "", "é", "top", "if", "😀"];

    // Names with a predefined meaning, or nearly.
    private static readonly string[] TakenNames = [
        "Long", "String", "Bool", "Boolean", "ipaddr", "Record", "Entity", "Extension", "Action", "User", "T0", "T1", "N", "datetime"];

    private readonly List<CommonType> _commons = [];
    private readonly List<EntityKind> _kinds = [];
    private readonly List<ActionKind> _actions = [];

    public Model Make()
    {
        string[] spaces = chance.Pick<string[]>([""], [""], ["N"], ["", "N"], ["N", "M::K"], ["", "N", "N::Sub", "M::K"]);
        chance.Note(spaces.Length > 1 ? "schema:namespaces" : "schema:one namespace");
        foreach (var name in KindNames.Take(chance.Pick(2, 2, 3, 3, 4, 5, 7)).Concat(chance.Some(KindNames[^2..], 0.1)))
        {
            // The same name in two namespaces, unless one of them is the namespace without a name.
            var space = chance.PickFrom(spaces);
            _kinds.Add(new EntityKind(space, name));
            if (space.Length > 0 && chance.PickFrom(spaces) is { Length: > 0 } another && another != space)
                _kinds.Add(new EntityKind(another, name));
        }

        for (var i = chance.Of(0.06) ? chance.Between(1, 2) : 0; i > 0; i--)
        {
            chance.Note("schema:taken name");
            _kinds.Add(new EntityKind(chance.PickFrom(spaces), chance.PickFrom(TakenNames)));
        }

        foreach (var id in chance.Some(ActionIds, 0.5).DefaultIfEmpty("view"))
            _actions.Add(new ActionKind(chance.PickFrom(spaces), id));
        for (var i = chance.Below(4); i > 0; i--)
        {
            var common = new CommonType(
                chance.PickFrom(spaces), chance.Of(0.97) ? $"T{_commons.Count}" : chance.PickFrom(TakenNames),
                chance.Of(0.6) ? Record(2) : Any(2));
            if (!_commons.Exists(other => (other.Namespace, other.Name) == (common.Namespace, common.Name)))
                _commons.Add(common);
        }

        _kinds.ForEach(Complete);
        for (var i = 0; i < _actions.Count; i++)
            Complete(_actions[i], _actions[..i]);
        return new Model(spaces, _commons, [.. _kinds.DistinctBy(kind => kind.FullName)], _actions);
    }

    private void Complete(EntityKind kind)
    {
        if (kind.Name == "Color" && chance.Of(0.8))
        {
            chance.Note("schema:enum");
            kind.Ids = ["r", "g", .. chance.Some(["x y", "é", ""], 0.3)];
            return;
        }

        kind.MemberOf = chance.Some(_kinds.Where(other => other.Ids is null || chance.Of(0.3)).Select(other => other.FullName), 0.35);
        if (chance.Of(0.85))
            kind.Shape = _commons.Where(common => common.Shape.Kind == ShapeKind.Record).ToList() is { Count: > 0 } records
                && chance.Of(0.15) ? Named(chance.PickFrom(records)) : Record(2);
        if (chance.Of(0.45))
        {
            chance.Note("schema:tags");
            kind.Tags = Any(1);
        }
    }

    private void Complete(ActionKind action, List<ActionKind> earlier)
    {
        action.MemberOf = chance.Some(earlier, 0.3);
        if (action.MemberOf.Count > 0)
            chance.Note("schema:action group");
        if (chance.Of(0.1))
            return;
        var contexts = _commons.Where(common => common.Shape.Kind == ShapeKind.Record).ToList();
        action.AppliesTo = (Kinds(), Kinds(), contexts.Count > 0
            && chance.Of(0.2) ? Named(chance.PickFrom(contexts)) : chance.Of(0.8) ? Record(2) : Shape.RecordOf([]));

        List<string> Kinds() => chance.Some(_kinds.Select(kind => kind.FullName), 0.4) is { Count: > 0 } some
            ? some
            : [chance.PickFrom(_kinds).FullName];
    }

    private Shape Named(CommonType common)
    {
        chance.Note("schema:common type");
        return common.Shape with { Common = common };
    }

    private Shape Record(int depth)
    {
        var fields = new List<Field>();
        foreach (var name in chance.Some(Literals.Names, depth > 1 ? 0.4 : 0.3))
        {
            var isRequired = chance.Of(0.6);
            chance.Note(isRequired ? "schema:required" : "schema:optional");
            fields.Add(new Field(name, Any(depth - 1), isRequired));
        }

        return Shape.RecordOf(fields);
    }

    /// <summary>Makes a type, nested at most this deep.</summary>
    public Shape Any(int depth) => chance.Below(depth > 0 ? 16 : 11) switch
    {
        0 or 1 => Shape.Bool,
        2 or 3 => Shape.Long,
        4 or 5 => Shape.String,
        6 or 7
            => Shape.EntityOf(chance.Of(0.92) || _actions.Count == 0 ? chance.PickFrom(_kinds).FullName : chance.PickFrom(_actions).Type),
        8 or 9 => chance.Pick(Shape.Ip, Shape.Decimal, Shape.DateTime, Shape.Duration),
        10 or 11 when _commons.Count > 0 => Named(chance.PickFrom(_commons)),
        12 or 13 => Shape.SetOf(Any(depth - 1)),
        14 or 15 => Record(depth),
        _ => Shape.Long,
    };
}
