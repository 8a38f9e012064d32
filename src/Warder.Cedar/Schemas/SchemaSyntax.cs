using Warder.Cedar.Syntax;

namespace Warder.Cedar.Schemas;

// A schema as it is written, in either form: names are not looked up yet, and keep the way in which they were written.

/// <summary>A name, and where it stands.</summary>
internal sealed record NameSyntax(string Text, SourceSpan Span);

/// <summary>What one namespace declares; the namespace without a name is called by the empty text.</summary>
internal sealed class NamespaceSyntax(string name)
{
    public string Name { get; } = name;

    public SyntaxList<Annotation> Annotations { get; set; }

    public List<CommonTypeSyntax> CommonTypes { get; } = [];

    public List<EntityTypeSyntax> EntityTypes { get; } = [];

    public List<ActionSyntax> Actions { get; } = [];

    public bool IsEmpty => CommonTypes.Count + EntityTypes.Count + Actions.Count == 0;

    /// <summary>A name with this namespace before it.</summary>
    public string Qualify(string name) => Name.Length == 0 ? name : $"{Name}::{name}";
}

/// <summary><c>type Name = …;</c></summary>
internal sealed record CommonTypeSyntax(NameSyntax Name, SyntaxList<Annotation> Annotations, TypeSyntax Type);

/// <summary><c>entity Name in […] {…} tags …;</c> or <c>entity Name enum […];</c></summary>
internal sealed record EntityTypeSyntax(NameSyntax Name, SyntaxList<Annotation> Annotations)
{
    public SyntaxList<NameSyntax> MemberOf { get; init; }

    /// <summary>A record, which in JSON may also be said by the name of a common type; null when nothing is said.</summary>
    public TypeSyntax? Shape { get; init; }

    public TypeSyntax? Tags { get; init; }

    /// <summary>The ids that there are; null when the type is no enumeration.</summary>
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

/// <summary>Another action: its id, and the type where one is written.</summary>
internal sealed record ActionNameSyntax(string? Type, string Id, SourceSpan Span);

/// <summary>How a type is written.</summary>
internal abstract record TypeSyntax(SourceSpan Span);

/// <summary>What a name of a type may mean.</summary>
internal enum NameMeaning : byte
{
    Any,
    EntityType,
    CommonType,

    /// <summary>A type of Cedar's own, called by its name alone.</summary>
    Builtin,
}

/// <summary>A type by its name.</summary>
internal sealed record NamedTypeSyntax(SourceSpan Span, string Name, NameMeaning Meaning) : TypeSyntax(Span);

/// <summary><c>Set&lt;…&gt;</c></summary>
internal sealed record SetTypeSyntax(SourceSpan Span, TypeSyntax Element) : TypeSyntax(Span);

/// <summary><c>{name: …, name?: …}</c></summary>
internal sealed record RecordTypeSyntax(SourceSpan Span, SyntaxList<AttributeSyntax> Attributes) : TypeSyntax(Span);

/// <summary>An attribute of a record.</summary>
internal sealed record AttributeSyntax(string Name, bool IsRequired, TypeSyntax Type, SyntaxList<Annotation> Annotations);
