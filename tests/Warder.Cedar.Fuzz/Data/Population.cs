using Warder.Cedar.Fuzz.Schemas;

namespace Warder.Cedar.Fuzz.Data;

/// <summary>Holds the names of all entities of a schema's types, few enough to coincide, and their parents.</summary>
internal sealed class Population
{
    private readonly Chance _chance;
    private readonly Model _model;
    private readonly Dictionary<string, List<Uid>> _byType;

    public Population(Chance chance, Model model)
    {
        (_chance, _model) = (chance, model);
        _byType = model.Kinds.ToDictionary(kind => kind.FullName, Members);
        foreach (var actions in model.Actions.GroupBy(action => action.Type))
            _byType.TryAdd(actions.Key, [.. actions.Select(action => new Uid(action.Type, action.Id))]);
    }

    /// <summary>Returns an entity of the type, and now and then of another.</summary>
    public Uid Of(string type)
    {
        if (_chance.Of(0.003) || !_byType.TryGetValue(type, out var members))
            return new Uid(_chance.Of(0.5) ? type : "Nowhere", _chance.PickFrom(Literals.Ids));
        return _chance.PickFrom(members);
    }

    /// <summary>Returns any entity.</summary>
    public Uid Any() => Of(_chance.PickFrom(_model.Kinds).FullName);

    public Uid Action() => _chance.Of(0.98) ? Of(_chance.PickFrom(_model.Actions)) : new Uid("Action", "nothing");

    public static Uid Of(ActionKind action) => new(action.Type, action.Id);

    /// <summary>Returns the entities' JSON, one by one, and omits some, so that some names have no data.</summary>
    /// <param name="isGuided">Whether a schema determines the types of values.</param>
    /// <param name="wrongness">The probability that a value does not fit the schema.</param>
    public List<string> Write(bool isGuided, double wrongness)
    {
        var values = new ValueMaker(_chance, this, isGuided, wrongness);
        var entities = new List<string>();
        foreach (var kind in _model.Kinds)
        {
            foreach (var (position, uid) in _chance.Some(_byType[kind.FullName].Index(), 0.92))
                entities.Add(Entity(kind, uid, position, values));
        }

        foreach (var action in isGuided ? _chance.Some(_model.Actions, 0.15) : _chance.Some(_model.Actions, 0.85))
            entities.Add(
                $"{{\"uid\":{Name(Of(action))},\"attrs\":{{}},"
                    + $"\"parents\":[{string.Join(',', action.MemberOf.Select(group => Name(Of(group))))}]}}");
        // A duplicate is valid when both are equal.
        if (entities.Count > 0 && _chance.Of(0.02))
            entities.Add(_chance.Note("entity:twice", _chance.PickFrom(entities)));
        return entities;
    }

    private string Entity(EntityKind kind, Uid uid, int position, ValueMaker values)
    {
        var parents = new List<Uid>();
        foreach (var type in kind.MemberOf)
        {
            // Of a later type, or of this one with a higher number: so there are no cycles.
            var groups = _byType[type];
            if (type == kind.FullName)
                parents.AddRange(groups.Count > 12 ? groups.Skip(position + 1).Take(1) : _chance.Some(groups.Skip(position + 1), 0.3));
            else if (string.CompareOrdinal(type, kind.FullName) > 0 || _chance.Of(0.002))
                parents.AddRange(_chance.Some(groups, _chance.Pick(0.2, 0.2, 0.2, 0.9)));
        }

        var tags = kind.Tags is null
            ? _chance.Of(0.05) ? ",\"tags\":{}" : ""
            : _chance.Of(0.1) ? "" : $",\"tags\":{{{string.Join(',', Tags(kind.Tags))}}}";
        return $"{{\"uid\":{Name(uid)},\"attrs\":{values.Record(kind.Shape.Fields)},"
            + $"\"parents\":[{string.Join(',', parents.Select(Name))}]{tags}}}";

        IEnumerable<string> Tags(Shape shape) => _chance.Some(Literals.Texts.Take(5), 0.5)
            .Select(tag => $"{Quoted.Json(_chance, tag)}:{values.Of(shape)}");
    }

    private string Name(Uid uid) => _chance.Of(0.85) ? uid.Json(_chance) : uid.Escaped(_chance);

    private List<Uid> Members(EntityKind kind)
    {
        if (kind.Ids is { } ids)
            return [.. ids.Select(id => new Uid(kind.FullName, id))];
        var members = Literals.Ids.Take(_chance.Pick(1, 2, 2, 3, 5)).Concat(_chance.Some(Literals.Ids.Skip(5), 0.06)).ToList();

        // A long ladder: each entity is in the next.
        if (kind.MemberOf.Contains(kind.FullName) && _chance.Of(0.07))
        {
            _chance.Note("hierarchy:deep");
            members.AddRange(Enumerable.Range(0, _chance.Between(12, 60)).Select(step => $"step{step}"));
        }

        return [.. members.Select(id => new Uid(kind.FullName, id))];
    }
}
