using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

// The syntax of a schema in either format: names are not yet resolved and keep their written form.

/// <summary>A name and its position.</summary>
internal sealed record NameSyntax(string Text, SourceSpan Span);

/// <summary>The declarations of one namespace. The name of the empty namespace is empty.</summary>
internal sealed class NamespaceSyntax(string name)
{
    public string Name { get; } = name;

    public SyntaxList<Annotation> Annotations { get; set; }

    public List<CommonTypeSyntax> CommonTypes { get; } = [];

    public List<EntityTypeSyntax> EntityTypes { get; } = [];

    public List<ActionSyntax> Actions { get; } = [];

    public bool IsEmpty => CommonTypes.Count + EntityTypes.Count + Actions.Count == 0;

    /// <summary>Prefixes a name with this namespace.</summary>
    public string Qualify(string name) => Name.Length == 0 ? name : $"{Name}::{name}";
}

/// <summary><c>type Name = …;</c></summary>
internal sealed record CommonTypeSyntax(NameSyntax Name, SyntaxList<Annotation> Annotations, TypeSyntax Type);

/// <summary><c>entity Name in […] {…} tags …;</c> or <c>entity Name enum […];</c></summary>
internal sealed record EntityTypeSyntax(NameSyntax Name, SyntaxList<Annotation> Annotations)
{
    public SyntaxList<NameSyntax> MemberOf { get; init; }

    /// <summary>A record, or in JSON also the name of a common type; null when omitted.</summary>
    public TypeSyntax? Shape { get; init; }

    public TypeSyntax? Tags { get; init; }

    /// <summary>The ids of an enumerated type; null for any other type.</summary>
    public SyntaxList<string>? Ids { get; init; }
}

/// <summary><c>action name in […] appliesTo {…};</c></summary>
internal sealed record ActionSyntax(NameSyntax Name, SyntaxList<Annotation> Annotations)
{
    public SyntaxList<ActionNameSyntax> MemberOf { get; init; }

    public SyntaxList<NameSyntax> Principals { get; init; }

    public SyntaxList<NameSyntax> Resources { get; init; }

    public TypeSyntax? Context { get; init; }
}

/// <summary>A reference to an action: its id, and its type if it is written.</summary>
internal sealed record ActionNameSyntax(string? Type, string Id, SourceSpan Span);

/// <summary>The syntax of a type.</summary>
internal abstract record TypeSyntax(SourceSpan Span);

/// <summary>The possible meanings of a type name.</summary>
internal enum NameMeaning : byte
{
    Any,
    EntityType,
    CommonType,

    /// <summary>A built-in type. Its name has no prefix.</summary>
    Builtin,
}

/// <summary>A reference to a type by its name.</summary>
internal sealed record NamedTypeSyntax(SourceSpan Span, string Name, NameMeaning Meaning) : TypeSyntax(Span);

/// <summary><c>Set&lt;…&gt;</c></summary>
internal sealed record SetTypeSyntax(SourceSpan Span, TypeSyntax Element) : TypeSyntax(Span);

/// <summary><c>{name: …, name?: …}</c></summary>
internal sealed record RecordTypeSyntax(SourceSpan Span, SyntaxList<AttributeSyntax> Attributes) : TypeSyntax(Span);

/// <summary>An attribute of a record.</summary>
internal sealed record AttributeSyntax(string Name, bool IsRequired, TypeSyntax Type, SyntaxList<Annotation> Annotations);
