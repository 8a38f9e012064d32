using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

/// <summary>
/// The declarations of a schema by their full names. This class resolves names. (Cedar documentation: "Schema syntax", Type references.)
/// </summary>
internal sealed class Declarations
{
    private readonly HashSet<string> _actionTypes = new(StringComparer.Ordinal);
    private readonly DiagnosticBag _diagnostics;

    public Declarations(IReadOnlyCollection<NamespaceSyntax> namespaces, DiagnosticBag diagnostics)
    {
        _diagnostics = diagnostics;
        foreach (var space in namespaces)
        {
            foreach (var type in space.CommonTypes)
                Add(
                    CommonTypes, space, type.Name, type,
                    Builtins.IsReservedForTypes(type.Name.Text) ? "is reserved and cannot be declared" : null);
            foreach (var type in space.EntityTypes)
                Add(
                    EntityTypes, space, type.Name, type,
                    type.Name.Text == "Action" ? "is the type of actions and cannot be declared" : null);
            foreach (var action in space.Actions)
            {
                _actionTypes.Add(space.Qualify("Action"));
                if (!Actions.TryAdd(UidIn(space, action.Name.Text), (space, action)))
                    Duplicate(action.Name);
            }
        }

        foreach (var space in namespaces)
            CheckShadowing(space);
    }

    public Dictionary<string, (NamespaceSyntax Space, CommonTypeSyntax Syntax)> CommonTypes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (NamespaceSyntax Space, EntityTypeSyntax Syntax)> EntityTypes { get; } = new(StringComparer.Ordinal);

    public Dictionary<EntityUid, (NamespaceSyntax Space, ActionSyntax Syntax)> Actions { get; } = [];

    public static EntityUid UidIn(NamespaceSyntax space, string id) => new(new EntityTypeName(space.Qualify("Action")), id);

    /// <summary>Resolves a name to its full name. Returns null when nothing has this name.</summary>
    public (string Name, NameMeaning Meaning)? Find(NamespaceSyntax space, string name, NameMeaning meaning)
    {
        if (meaning == NameMeaning.Builtin)
            return (name, meaning);
        if (!name.Contains(':') && space.Name.Length > 0 && FindExact(space.Qualify(name), meaning) is { } found)
            return found;
        if (FindExact(name, meaning) is { } exact)
            return exact;
        var alone = name.StartsWith(Builtins.Prefix, StringComparison.Ordinal) ? name[Builtins.Prefix.Length..] : name;

        // Where JSON requires a common type, an entity type in the empty namespace hides the built-in type of that name, but does not
        // match.
        return meaning != NameMeaning.EntityType && !EntityTypes.ContainsKey(name) && Builtins.Find(alone) is not null
            ? (alone, NameMeaning.Builtin)
            : null;
    }

    /// <summary>Reports an undeclared name.</summary>
    public void Undeclared(NamespaceSyntax space, string name, NameMeaning meaning, SourceSpan span)
    {
        var (what, candidates) = meaning switch
        {
            NameMeaning.EntityType => ("an entity type", EntityTypes.Keys),
            NameMeaning.CommonType => ("a common type", CommonTypes.Keys.Concat(Builtins.Names)),
            _ => ("a type", CommonTypes.Keys.Concat(EntityTypes.Keys).Concat(Builtins.Names)),
        };
        var help = _diagnostics.IsFull
            ? null
            : name is "Boolean" or "__cedar::Boolean" ? "booleans are `Bool`"
            : name == "ip" ? "addresses are `ipaddr`"
            : Spelling.Help(name, candidates.SelectMany(it => Spellings(space, it)));
        _diagnostics.Error(span, SchemaCodes.Undeclared, $"`{name}` is not declared as {what}", help);
    }

    private static IEnumerable<string> Spellings(NamespaceSyntax space, string name)
        => space.Name.Length > 0 && name.StartsWith($"{space.Name}::", StringComparison.Ordinal)
            ? [name, name[(space.Name.Length + 2)..]]
            : [name];

    private (string Name, NameMeaning Meaning)? FindExact(string name, NameMeaning meaning)
    {
        if (meaning != NameMeaning.EntityType && CommonTypes.ContainsKey(name))
            return (name, NameMeaning.CommonType);
        return meaning != NameMeaning.CommonType && (EntityTypes.ContainsKey(name) || _actionTypes.Contains(name))
            ? (name, NameMeaning.EntityType)
            : null;
    }

    private void Add<T>(Dictionary<string, (NamespaceSyntax, T)> to, NamespaceSyntax space, NameSyntax name, T declared, string? problem)
    {
        if (problem is not null)
            _diagnostics.Error(name.Span, SyntaxCodes.ReservedWord, $"`{name.Text}` {problem}");
        else if (!to.TryAdd(space.Qualify(name.Text), (space, declared)))
            Duplicate(name);
        else if (Builtins.Find(name.Text) is not null)
            _diagnostics.Warning(
                name.Span, SchemaCodes.Shadowing, $"`{name.Text}` hides the built-in type",
                $"write the built-in type as `{Builtins.Prefix}{name.Text}`");
    }

    private void Duplicate(NameSyntax name) => _diagnostics.Error(name.Span, SyntaxCodes.Duplicate, $"`{name.Text}` is declared twice");

    private void CheckShadowing(NamespaceSyntax space)
    {
        foreach (var name in space.CommonTypes.Select(type => type.Name).Where(name => EntityTypes.ContainsKey(space.Qualify(name.Text))))
            _diagnostics.Warning(name.Span, SchemaCodes.Shadowing, $"the common type `{name.Text}` hides the entity type of that name");
        if (space.Name.Length == 0)
            return;
        foreach (var name in space.CommonTypes.Select(type => type.Name).Concat(space.EntityTypes.Select(type => type.Name)))
        {
            if (CommonTypes.ContainsKey(name.Text) || EntityTypes.ContainsKey(name.Text))
                Shadows(name, space.Qualify(name.Text), name.Text);
        }

        foreach (var name in space.Actions.Select(action => action.Name))
        {
            var (own, other) = (UidIn(space, name.Text), new EntityUid("Action", name.Text));
            if (Actions.ContainsKey(other))
                Shadows(name, own.ToString(), other.ToString());
        }
    }

    private void Shadows(NameSyntax name, string own, string other)
        => _diagnostics.Error(
            name.Span, SchemaCodes.Shadowing, $"`{own}` would hide `{other}`, which the empty namespace declares",
            "give one of them another name, or another namespace");
}
