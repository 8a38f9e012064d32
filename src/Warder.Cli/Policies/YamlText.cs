using Warder.Cedar;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Warder.Cli.Policies;

/// <summary>
/// Reads one YAML document as a tree of nodes with places. It refuses duplicate keys, and anchors and aliases, which can expand a small
/// text to a large tree.
/// </summary>
internal sealed class YamlText
{
    private const int MaxNodes = 1_000_000;
    private const int MaxDepth = Limits.Depth;
    private const string CoreString = "tag:yaml.org,2002:str";

    private readonly SourceText source;
    private readonly Parser parser;
    private int nodes;

    private YamlText(SourceText source)
    {
        this.source = source;
        parser = new Parser(new Scanner(new StringReader(source.Text), skipComments: true));
    }

    /// <summary>Reads the document.</summary>
    /// <returns>Null when there is an error.</returns>
    public static YamlNode? Parse(SourceText source, out Diagnostic? error)
    {
        var text = new YamlText(source);
        try
        {
            error = null;
            return text.Document();
        }
        catch (Refused refused)
        {
            error = refused.Error;
        }
        catch (Exception exception) when (exception is YamlException or InvalidOperationException or ArgumentException)
        {
            // The parser fails on some texts without a place. The place is then after its last event.
            var (start, end) = exception is YamlException at ? (at.Start, at.End) : (text.parser.Current?.End ?? Mark.Empty, Mark.Empty);
            error = Diagnostic.At(source, SpanOf(start, end), SyntaxCodes.UnexpectedToken, $"this is not YAML: {exception.Message}");
        }

        return null;
    }

    private static SourceSpan SpanOf(Mark start, Mark end) => new((int)start.Index, (int)Math.Max(0, end.Index - start.Index));

    private YamlNode Document()
    {
        parser.Consume<StreamStart>();
        if (!parser.Accept<DocumentStart>(out _))
            throw Error(default, "this file is empty");
        parser.Consume<DocumentStart>();
        var root = Node(1);
        parser.Consume<DocumentEnd>();
        return parser.Accept<DocumentStart>(out var next)
            ? throw Error(SpanOf(next.Start, next.End), "one document is expected, and this is another")
            : root;
    }

    private YamlNode Node(int depth)
    {
        var at = SpanOf(parser.Current!.Start, parser.Current.End);
        if (++nodes > MaxNodes)
            throw Error(at, $"this file has more than {MaxNodes} nodes", SyntaxCodes.LimitExceeded);
        if (depth > MaxDepth)
            throw Error(at, $"this is nested deeper than {MaxDepth}", SyntaxCodes.LimitExceeded);
        if (parser.Accept<AnchorAlias>(out _) || (parser.Accept<NodeEvent>(out var any) && !any.Anchor.IsEmpty))
            throw Error(at, "anchors and aliases are not supported", help: "write it out");
        if (parser.TryConsume<Scalar>(out var scalar))
            return Scalar(scalar, at);
        if (parser.TryConsume<SequenceStart>(out var sequence))
            return NoTag(sequence, at) ?? new YamlNode(YamlKind.Sequence, at) { Items = Items(depth + 1) };
        var mapping = parser.Consume<MappingStart>();
        return NoTag(mapping, at) ?? new YamlNode(YamlKind.Mapping, at) { Fields = Fields(depth + 1) };
    }

    private YamlNode Scalar(Scalar scalar, SourceSpan at)
    {
        var isText = scalar.Style != ScalarStyle.Plain;
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? "" : scalar.Tag.Value;
        if (tag == CoreString)
            (isText, tag) = (true, "");
        var name = tag.TrimStart('!');
        if (tag.Length > 0 && !YamlJson.Tags.Contains(name))
        {
            var help = Spelling.Help(name, YamlJson.Tags) ?? $"the tags are !{string.Join(", !", YamlJson.Tags)}";
            throw Error(at, $"`{tag}` is not a supported tag", help: help);
        }

        return new YamlNode(YamlKind.Scalar, at)
        {
            Text = scalar.Value,
            IsPlain = !isText,
            IsBlock = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded,
            Tag = tag.Length > 0 ? name : null,
        };
    }

    private YamlNode? NoTag(NodeEvent node, SourceSpan at)
        => node.Tag.IsEmpty || node.Tag.IsNonSpecific ? null : throw Error(at, "only text can have a tag");

    private List<YamlNode> Items(int depth)
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth));
        return items;
    }

    private List<YamlField> Fields(int depth)
    {
        var fields = new List<YamlField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(depth);
            if (key.Kind != YamlKind.Scalar || key.Tag is not null || (key.IsPlain && key.Text == "<<"))
            {
                var help = key.Text == "<<" ? "merge keys are not supported: write the fields out" : null;
                throw Error(key.Span, "a name is expected", help: help);
            }

            if (!names.Add(key.Text))
                throw Error(key.Span, $"`{key.Text}` appears twice", SyntaxCodes.Duplicate);
            fields.Add(new YamlField(key.Text, key.Span, Node(depth)));
        }

        return fields;
    }

    private Refused Error(SourceSpan span, string message, string code = SyntaxCodes.InvalidShape, string? help = null)
        => new(Diagnostic.At(source, span, code, message, help));

    // Carries a diagnostic out of the recursion, as the parser's exceptions carry its errors.
    private sealed class Refused(Diagnostic error) : Exception
    {
        public Diagnostic Error => error;
    }
}
