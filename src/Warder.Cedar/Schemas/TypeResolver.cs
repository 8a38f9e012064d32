using Warder.Cedar.Diagnostics;

namespace Warder.Cedar.Schemas;

/// <summary>
/// Resolves the syntax of types: it looks names up, and replaces common types by their definitions. Each method returns null when an error
/// was reported.
/// </summary>
internal sealed class TypeResolver(Declarations declarations, Limits limits, DiagnosticBag diagnostics)
{
    // The resolved common types; null after a reported error. A type in _open is being resolved; a second visit of it is a cycle.
    private readonly Dictionary<string, CedarType?> _common = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CedarType> _entities = new(StringComparer.Ordinal);

    /// <summary>Resolves all common types, even unused ones.</summary>
    public void ResolveCommonTypes()
    {
        foreach (var (space, syntax) in declarations.CommonTypes.Values)
            Named(new NamedTypeSyntax(syntax.Name.Span, syntax.Name.Text, NameMeaning.CommonType), space, 1);
    }

    /// <summary>Resolves a type as written in a namespace.</summary>
    public CedarType? Resolve(TypeSyntax syntax, NamespaceSyntax space) => Resolve(syntax, space, 1);

    /// <summary>Resolves the name of an entity type.</summary>
    public EntityTypeName? EntityType(NameSyntax name, NamespaceSyntax space)
    {
        // An action type is invalid here: no principal or resource is an action, and no entity but an action has an action as parent.
        if (declarations.Find(space, name.Text, NameMeaning.EntityType) is var (found, _) && declarations.EntityTypes.ContainsKey(found))
            return EntityOf(found).Entity;
        declarations.Undeclared(space, name.Text, NameMeaning.EntityType, name.Span);
        return null;
    }

    private CedarType? Resolve(TypeSyntax syntax, NamespaceSyntax space, int depth)
    {
        if (depth > Limits.Depth)
        {
            diagnostics.Error(
                syntax.Span, SyntaxCodes.LimitExceeded,
                $"types, with common types expanded, may be nested at most {Limits.Depth} deep");
            return null;
        }

        var type = syntax switch
        {
            SetTypeSyntax set => Resolve(set.Element, space, depth + 1) is { } element ? CedarType.SetOf(element) : null,
            RecordTypeSyntax record => Record(record, space, depth),
            _ => Named((NamedTypeSyntax)syntax, space, depth),
        };
        if (type is null || (type.Size <= limits.TypeSize && type.Depth <= Limits.Depth))
            return type;
        diagnostics.Error(
            syntax.Span, SyntaxCodes.LimitExceeded,
            $"with common types expanded, this type has {type.Size} parts, {type.Depth} deep; "
                + $"{limits.TypeSize} are allowed, {Limits.Depth} deep");
        return null;
    }

    private CedarType? Record(RecordTypeSyntax syntax, NamespaceSyntax space, int depth)
    {
        var attributes = new Dictionary<string, SchemaAttribute>(syntax.Attributes.Count, StringComparer.Ordinal);
        foreach (var attribute in syntax.Attributes)
        {
            if (Resolve(attribute.Type, space, depth + 1) is not { } type)
                return null;
            attributes.Add(attribute.Name, new SchemaAttribute(type, attribute.IsRequired));
        }

        return CedarType.RecordOf(attributes);
    }

    // Common types that refer to common types are followed in a loop: a chain of them may be too long for recursion.
    private CedarType? Named(NamedTypeSyntax syntax, NamespaceSyntax space, int depth)
    {
        var chain = new List<string>();
        CedarType? type = null;
        for (TypeSyntax next = syntax; ;)
        {
            if (next is not NamedTypeSyntax named)
            {
                type = Resolve(next, space, depth);
                break;
            }

            if (declarations.Find(space, named.Name, named.Meaning) is not var (name, meaning))
            {
                declarations.Undeclared(space, named.Name, named.Meaning, named.Span);
                break;
            }

            if (meaning != NameMeaning.CommonType)
            {
                type = meaning == NameMeaning.Builtin ? Builtins.Find(name) : EntityOf(name);
                break;
            }

            if (_common.TryGetValue(name, out type))
                break;
            if (!_open.Add(name))
            {
                diagnostics.Error(named.Span, SchemaCodes.Cycle, $"the common type `{name}` consists of itself");
                break;
            }

            chain.Add(name);
            (space, var declared) = declarations.CommonTypes[name];
            next = declared.Type;
        }

        foreach (var name in chain)
        {
            _open.Remove(name);
            _common[name] = type;
        }

        return type;
    }

    private CedarType EntityOf(string name)
    {
        if (!_entities.TryGetValue(name, out var type))
            _entities.Add(name, type = CedarType.EntityOf(new EntityTypeName(name)));
        return type;
    }
}
