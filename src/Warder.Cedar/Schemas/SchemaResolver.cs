using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>
/// Creates a schema from declarations: it resolves all names and computes ancestors. It reports errors up to the maximum number.
/// </summary>
internal sealed class SchemaResolver
{
    private const long LooksAnAncestor = 8;

    // An ancestor set of a type or an action takes more memory than that of an entity. Few schemas have a thousand pairs, so a quarter
    // suffices.
    private const int SharesOfAncestors = 4;

    private readonly IReadOnlyCollection<NamespaceSyntax> _namespaces;
    private readonly Limits _limits;
    private readonly DiagnosticBag _diagnostics;
    private readonly Declarations _declarations;
    private readonly TypeResolver _types;

    // One declaration may define very many names. Their shared parts are resolved once and stored once.
    private readonly Dictionary<object, object?> _shared = new(ReferenceEqualityComparer.Instance);

    public SchemaResolver(IReadOnlyCollection<NamespaceSyntax> namespaces, Limits limits, DiagnosticBag diagnostics)
    {
        (_namespaces, _limits, _diagnostics) = (namespaces, limits, diagnostics);
        _declarations = new Declarations(namespaces, diagnostics);
        _types = new TypeResolver(_declarations, limits, diagnostics);
    }

    /// <summary>Creates the schema. Returns null when an error was reported.</summary>
    public Schema? Resolve()
    {
        if (_diagnostics.HasErrors)
            return null;
        _types.ResolveCommonTypes();
        var entityTypes = new Dictionary<EntityTypeName, SchemaEntityType>();
        foreach (var (name, (space, syntax)) in _declarations.EntityTypes)
        {
            if (EntityType(new EntityTypeName(name), space, syntax) is { } type)
                entityTypes.Add(type.Name, type);
        }

        var actions = new Dictionary<EntityUid, SchemaAction>();
        foreach (var (uid, (space, syntax)) in _declarations.Actions)
        {
            if (Action(uid, space, syntax) is { } action)
                actions.Add(uid, action);
        }

        if (_diagnostics.HasErrors || !CloseTypes(entityTypes) || !CloseActions(actions))
            return null;
        return new Schema(_namespaces, entityTypes.Values, actions.Values);
    }

    private SchemaEntityType? EntityType(EntityTypeName name, NamespaceSyntax space, EntityTypeSyntax syntax)
    {
        var memberOf = Names(syntax.MemberOf, space);
        var shape = syntax.Shape is { } written
            ? Once(written, () => RecordOf(written, space, $"the shape of `{name}`"))
            : CedarType.RecordOf(new Dictionary<string, SchemaAttribute>());
        var tags = syntax.Tags is { } tag ? Once(tag, () => _types.Resolve(tag, space)) : null;
        var ids = syntax.Ids is { } list ? Once(list.Shared, () => list.ToHashSet(StringComparer.Ordinal)) : null;
        return memberOf is null || shape is null || (tags is null && syntax.Tags is not null)
            ? null
            : new SchemaEntityType(name, syntax, memberOf, shape, tags, ids);
    }

    private SchemaAction? Action(EntityUid uid, NamespaceSyntax space, ActionSyntax syntax)
    {
        var (principals, resources) = (Types(syntax.Principals, space), Types(syntax.Resources, space));
        var memberOf = Once(syntax.MemberOf.Shared, () => Parents(syntax, space));
        var context = syntax.Context is { } written
            ? Once(written, () => RecordOf(written, space, $"the context of `{uid}`"))
            : CedarType.RecordOf(new Dictionary<string, SchemaAttribute>());
        return principals is null || resources is null || memberOf is null || context is null
            ? null
            : new SchemaAction(uid, syntax, memberOf) { Principals = principals, Resources = resources, Context = context };
    }

    private CedarType? RecordOf(TypeSyntax syntax, NamespaceSyntax space, string what)
    {
        var type = _types.Resolve(syntax, space);
        if (type is null || type.Attributes is not null)
            return type;
        _diagnostics.Error(syntax.Span, SchemaCodes.NoRecord, $"{what} must be a record, not `{type}`");
        return null;
    }

    // Reports each undeclared name.
    private List<EntityTypeName>? Names(SyntaxList<NameSyntax> names, NamespaceSyntax space) => Once(names.Shared, () =>
    {
        var found = names.Select(name => _types.EntityType(name, space)).OfType<EntityTypeName>().ToList();
        return found.Count == names.Count ? found : null;
    });

    private HashSet<EntityTypeName>? Types(SyntaxList<NameSyntax> names, NamespaceSyntax space)
        => Names(names, space) is not { } found ? null : Once(found, () => found.ToHashSet());

    private T? Once<T>(object? syntax, Func<T?> resolve)
        where T : class
    {
        if (syntax is null)
            return resolve();
        if (!_shared.TryGetValue(syntax, out var resolved))
            _shared.Add(syntax, resolved = resolve());
        return (T?)resolved;
    }

    private List<EntityUid>? Parents(ActionSyntax syntax, NamespaceSyntax space)
    {
        var parents = new List<EntityUid>(syntax.MemberOf.Count);
        foreach (var parent in syntax.MemberOf)
        {
            if (Candidates(parent, space).FirstOrDefault(_declarations.Actions.ContainsKey) is { } uid)
                parents.Add(uid);
            else
                Undeclared(parent, space);
        }

        return parents.Count == syntax.MemberOf.Count ? parents : null;
    }

    private static EntityUid[] Candidates(ActionNameSyntax name, NamespaceSyntax space)
    {
        var type = name.Type ?? "Action";
        var asWritten = new EntityUid(new EntityTypeName(type), name.Id);
        return type.Contains(':') ? [asWritten] : [new EntityUid(new EntityTypeName(space.Qualify(type)), name.Id), asWritten];
    }

    private void Undeclared(ActionNameSyntax name, NamespaceSyntax space)
    {
        var uid = Candidates(name, space)[^1];
        _diagnostics.Error(
            name.Span, SchemaCodes.Undeclared, $"`{uid}` is not declared as an action",
            _diagnostics.IsFull ? null : Spelling.Help(uid.ToString(), _declarations.Actions.Keys.Select(it => it.ToString())));
    }

    // Types may form cycles, so each list of parents is traversed separately. The types of one declaration share the list and its result.
    private bool CloseTypes(Dictionary<EntityTypeName, SchemaEntityType> types)
    {
        var (total, looks) = (0L, 0L);
        var closed = new Dictionary<object, HashSet<EntityTypeName>>(ReferenceEqualityComparer.Instance);
        foreach (var type in types.Values)
        {
            if (closed.TryGetValue(type.MemberOf, out var shared))
            {
                type.Ancestors = shared;
                continue;
            }

            var (ancestors, walked) = (new HashSet<EntityTypeName>(), new HashSet<object>(ReferenceEqualityComparer.Instance));
            var open = new Stack<EntityTypeName>(type.MemberOf);
            while (open.TryPop(out var next))
            {
                if (!ancestors.Add(next) || !walked.Add(types[next].MemberOf))
                    continue;
                if (IsOneLookTooMany(looks += types[next].MemberOf.Count, type.Name.Text))
                    return false;
                foreach (var further in types[next].MemberOf)
                    open.Push(further);
            }

            closed.Add(type.MemberOf, ancestors);
            type.Ancestors = ancestors;
            if (IsOneTooMany(total += ancestors.Count, type.Name.Text))
                return false;
        }

        return true;
    }

    // Groups are resolved before their members. An action that is never reached is in a cycle, or has an ancestor in one.
    private bool CloseActions(Dictionary<EntityUid, SchemaAction> actions)
    {
        var (total, closed, looks) = (0L, 0, actions.Values.Sum(action => (long)action.MemberOf.Count));
        if (looks > MostPairs / SharesOfAncestors)
            return !IsOneTooMany(long.MaxValue, actions.Keys.First().ToString());
        var members = actions.Values.SelectMany(action => action.MemberOf.Distinct().Select(parent => (parent, action)))
            .ToLookup(it => it.parent, it => it.action);
        var missing = actions.ToDictionary(it => it.Key, it => it.Value.MemberOf.Distinct().Count());
        var ready = new Queue<SchemaAction>(actions.Values.Where(action => action.MemberOf.Count == 0));
        for (; ready.TryDequeue(out var action); closed++)
        {
            var ancestors = new HashSet<EntityUid>(action.MemberOf);
            foreach (var parent in action.MemberOf)
            {
                if (IsOneLookTooMany(looks += actions[parent].Ancestors.Count, action.Uid.ToString()))
                    return false;
                ancestors.UnionWith(actions[parent].Ancestors);
            }

            action.Ancestors = ancestors;
            if (IsOneTooMany(total += ancestors.Count, action.Uid.ToString()))
                return false;
            foreach (var member in members[action.Uid].Where(member => --missing[member.Uid] == 0))
                ready.Enqueue(member);
        }

        if (closed == actions.Count)
            return true;
        var first = missing.First(it => it.Value > 0).Key;
        _diagnostics.Error(
            _declarations.Actions[first].Syntax.Name.Span, SchemaCodes.Cycle,
            $"the action `{first}` is its own ancestor, or has such an ancestor");
        return false;
    }

    // Each path to an ancestor costs a visit, so the number of visits is bounded too.
    private bool IsOneLookTooMany(long looks, string name) => looks > LooksAnAncestor * MostPairs && IsOneTooMany(long.MaxValue, name);

    private int MostPairs => _limits.Ancestors / SharesOfAncestors;

    private bool IsOneTooMany(long total, string name)
    {
        if (total <= MostPairs)
            return false;
        _diagnostics.Error(
            default, SyntaxCodes.LimitExceeded,
            $"with `{name}` the schema has more than {MostPairs} pairs of a declaration and an ancestor");
        return true;
    }
}
