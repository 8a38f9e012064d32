using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>Makes a schema of what its text declares: looks up all names, and gathers what is in what. Everything that is wrong is reported, up to the bound.</summary>
internal sealed class SchemaResolver
{
    private readonly IReadOnlyCollection<NamespaceSyntax> _namespaces;
    private readonly Limits _limits;
    private readonly DiagnosticBag _diagnostics;
    private readonly Declarations _declarations;
    private readonly TypeResolver _types;

    public SchemaResolver(IReadOnlyCollection<NamespaceSyntax> namespaces, Limits limits, DiagnosticBag diagnostics)
    {
        (_namespaces, _limits, _diagnostics) = (namespaces, limits, diagnostics);
        _declarations = new Declarations(namespaces, diagnostics);
        _types = new TypeResolver(_declarations, limits, diagnostics);
    }

    /// <summary>The schema; null when something was reported.</summary>
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
        var shape = syntax.Shape is { } written ? RecordOf(written, space, $"the shape of `{name}`") : CedarType.RecordOf(new Dictionary<string, SchemaAttribute>());
        var tags = syntax.Tags is null ? null : _types.Resolve(syntax.Tags, space);
        return memberOf is null || shape is null || (tags is null && syntax.Tags is not null)
            ? null
            : new SchemaEntityType(name, syntax, memberOf, shape.Attributes!, tags);
    }

    private SchemaAction? Action(EntityUid uid, NamespaceSyntax space, ActionSyntax syntax)
    {
        var (principals, resources, memberOf) = (Names(syntax.Principals, space), Names(syntax.Resources, space), Parents(syntax, space));
        var context = syntax.Context is { } written ? RecordOf(written, space, $"the context of `{uid}`") : CedarType.RecordOf(new Dictionary<string, SchemaAttribute>());
        return principals is null || resources is null || memberOf is null || context is null
            ? null
            : new SchemaAction(uid, syntax, memberOf) { Principals = principals.ToHashSet(), Resources = resources.ToHashSet(), Context = context };
    }

    private CedarType? RecordOf(TypeSyntax syntax, NamespaceSyntax space, string what)
    {
        var type = _types.Resolve(syntax, space);
        if (type is null || type.Attributes is not null)
            return type;
        _diagnostics.Error(syntax.Span, SchemaCodes.NoRecord, $"{what} is `{type}`, and has to be a record");
        return null;
    }

    // Reports each that is not declared.
    private List<EntityTypeName>? Names(SyntaxList<NameSyntax> names, NamespaceSyntax space)
    {
        var found = names.Select(name => _types.EntityType(name, space)).OfType<EntityTypeName>().ToList();
        return found.Count == names.Count ? found : null;
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
            name.Span, SchemaCodes.Undeclared, $"`{uid}` is declared nowhere as an action", _diagnostics.IsFull ? null : Spelling.Help(uid.ToString(), _declarations.Actions.Keys.Select(it => it.ToString())));
    }

    // Types may be in one another in circles, so each is walked from by itself.
    private bool CloseTypes(Dictionary<EntityTypeName, SchemaEntityType> types)
    {
        var total = 0L;
        foreach (var type in types.Values)
        {
            var ancestors = new HashSet<EntityTypeName>();
            var open = new Stack<EntityTypeName>(type.MemberOf);
            while (open.TryPop(out var next))
            {
                if (!ancestors.Add(next))
                    continue;
                foreach (var further in types[next].MemberOf)
                    open.Push(further);
            }

            type.Ancestors = ancestors;
            if (IsOneTooMany(total += ancestors.Count, type.Name.Text))
                return false;
        }

        return true;
    }

    // Groups before what is in them: what is never reached is in a cycle.
    private bool CloseActions(Dictionary<EntityUid, SchemaAction> actions)
    {
        var members = actions.Values.SelectMany(action => action.MemberOf.Distinct().Select(parent => (parent, action))).ToLookup(it => it.parent, it => it.action);
        var missing = actions.ToDictionary(it => it.Key, it => it.Value.MemberOf.Distinct().Count());
        var ready = new Queue<SchemaAction>(actions.Values.Where(action => action.MemberOf.Count == 0));
        var (total, closed) = (0L, 0);
        for (; ready.TryDequeue(out var action); closed++)
        {
            var ancestors = new HashSet<EntityUid>(action.MemberOf);
            foreach (var parent in action.MemberOf)
                ancestors.UnionWith(actions[parent].Ancestors);
            action.Ancestors = ancestors;
            if (IsOneTooMany(total += ancestors.Count, action.Uid.ToString()))
                return false;
            foreach (var member in members[action.Uid].Where(member => --missing[member.Uid] == 0))
                ready.Enqueue(member);
        }

        if (closed == actions.Count)
            return true;
        var first = missing.First(it => it.Value > 0).Key;
        _diagnostics.Error(_declarations.Actions[first].Syntax.Name.Span, SchemaCodes.Cycle, $"the action `{first}` is in itself, or in what is");
        return false;
    }

    private bool IsOneTooMany(long total, string name)
    {
        if (total <= _limits.Ancestors)
            return false;
        _diagnostics.Error(default, SyntaxCodes.LimitExceeded, $"at `{name}` there are more than {_limits.Ancestors} pairs of what is in what");
        return true;
    }
}
