using Warder.Cedar.Syntax;

namespace Warder.Cli.Policies;

/// <summary>The kind of a node.</summary>
internal enum YamlKind
{
    Scalar,
    Sequence,
    Mapping,
}

/// <summary>A node of a YAML document, with its place. A mapping has each key once. There are no aliases.</summary>
internal sealed class YamlNode(YamlKind kind, SourceSpan span)
{
    public YamlKind Kind { get; } = kind;

    public SourceSpan Span { get; } = span;

    /// <summary>The text of a scalar; empty for other kinds.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether a scalar has no quotation marks, so that its text determines its type.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Whether a scalar is a block: the lines after <c>|</c> or <c>></c>.</summary>
    public bool IsBlock { get; init; }

    /// <summary>The tag of a scalar: <c>ip</c> for <c>!ip</c>; null when it has none.</summary>
    public string? Tag { get; init; }

    /// <summary>The items of a sequence; none for other kinds.</summary>
    public IReadOnlyList<YamlNode> Items { get; init; } = [];

    /// <summary>The fields of a mapping in their order; none for other kinds.</summary>
    public IReadOnlyList<YamlField> Fields { get; init; } = [];

    /// <summary>Returns the value of a field; null when there is none.</summary>
    public YamlNode? this[string name] => Fields.FirstOrDefault(field => field.Name == name)?.Value;
}

/// <summary>A field of a mapping.</summary>
internal sealed record YamlField(string Name, SourceSpan Span, YamlNode Value);
