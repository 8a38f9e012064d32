using Warder.Cedar.Syntax;

namespace Warder.Cli.Policies;

/// <summary>What a piece of YAML is.</summary>
internal enum YamlKind
{
    Scalar,
    Sequence,
    Mapping,
}

/// <summary>A piece of YAML, with its place. Mappings have no key twice; there are no aliases.</summary>
internal sealed class YamlNode(YamlKind kind, SourceSpan span)
{
    public YamlKind Kind { get; } = kind;

    public SourceSpan Span { get; } = span;

    /// <summary>A scalar's text; else nothing.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether a scalar stands without quotation marks, so that what it is follows from how it looks.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether a scalar is a block: the lines behind <c>|</c> or <c>></c>.</summary>
    public bool IsBlock { get; init; }

    /// <summary>What kind of value a scalar is said to be: <c>ip</c> of <c>!ip</c>; null when nothing is said.</summary>
    public string? Tag { get; init; }

    /// <summary>A sequence's items; else none.</summary>
    public IReadOnlyList<YamlNode> Items { get; init; } = [];

    /// <summary>A mapping's fields in their order; else none.</summary>
    public IReadOnlyList<YamlField> Fields { get; init; } = [];

    /// <summary>The field of this name; null when there is none.</summary>
    public YamlNode? this[string name] => Fields.FirstOrDefault(field => field.Name == name)?.Value;
}

/// <summary>A field of a mapping.</summary>
internal sealed record YamlField(string Name, SourceSpan Span, YamlNode Value);
