using Warder.Cedar;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Validation;
using Warder.Cedar.Values;
using Warder.Cli.Shells;

namespace Warder.Cli.Policies;

/// <summary>A valid file of tests.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Policies">The policies.</param>
/// <param name="Entities">The entities.</param>
/// <param name="Tests">The tests in the order of the file.</param>
internal sealed record TestFile(string Path, PolicySet Policies, Entities Entities, IReadOnlyList<PolicyTest> Tests);

/// <summary>A request and its expected decision.</summary>
/// <param name="Name">The name of the test.</param>
/// <param name="Line">Its line in the file.</param>
/// <param name="Request">The request.</param>
/// <param name="IsAllowed">Whether the expected decision is to allow the request.</param>
/// <param name="Reasons">The ids of the policies that decide; null: any.</param>
/// <param name="Errors">The ids of the policies that fail; null: any.</param>
internal sealed record PolicyTest(
    string Name, int Line, Request Request, bool IsAllowed, IReadOnlySet<string>? Reasons, IReadOnlySet<string>? Errors);

/// <summary>
/// Reads files of tests in YAML, of which JSON is a subset. A diagnostic has its place in the file that causes it. A file with an error
/// runs no test.
/// </summary>
internal sealed class TestFileReader
{
    private const int MaxBytes = 16 << 20;

    private static readonly string[] FileFields = ["policies", "schema", "entities", "links", "tests"];
    private static readonly string[] LinkFields = ["template", "id", "principal", "resource"];
    private static readonly string[] TestFields = ["name", "principal", "action", "resource", "context", "expect", "reasons", "errors"];

    private readonly SourceText source;
    private readonly string path;
    private readonly PolicyReader reader;
    private readonly List<Diagnostic> found = [];

    private TestFileReader(Shell shell, string path)
    {
        this.path = path;
        source = new SourceText(TextFile.Read(shell, path, MaxBytes), path);
        reader = new PolicyReader(shell);
    }

    /// <summary>Reads a file, with the errors and warnings of it and of the files that it names.</summary>
    /// <returns>A null file when there is an error.</returns>
    public static (TestFile? File, IReadOnlyList<Diagnostic> Diagnostics) Read(Shell shell, string path)
    {
        var file = new TestFileReader(shell, path);
        var read = YamlText.Parse(file.source, out var error) is { } root ? file.File(root) : null;
        if (error is not null)
            file.found.Add(error);
        IReadOnlyList<Diagnostic> diagnostics = [.. file.reader.Diagnostics, .. file.found];
        return (diagnostics.Any(it => it.Severity == Severity.Error) ? null : read, diagnostics);
    }

    private TestFile? File(YamlNode root)
    {
        if (!Has(root, FileFields, "a file of tests"))
            return null;
        var schema = root["schema"] is { } named ? Named(named, reader.ReadSchema, reader.ReadSchema) : null;
        var policies = root["policies"] is { } some ? Policies(some) : Missing<PolicySet>(root, "policies", "policies: photos.cedar");
        if (policies is not null && root["links"] is { } links)
            policies = reader.Link(policies, Each(links, Link));
        var entities = root["entities"] is { } known ? Entities(known, schema) : Cedar.Entities.Empty;
        var tests = root["tests"] is { } list
            ? Each(list, test => Test(test, schema))
            : Missing<List<PolicyTest>>(root, "tests", "a list of requests");
        return policies is null || entities is null || tests is null ? null : new TestFile(path, policies, entities, tests);
    }

    private PolicySet? Policies(YamlNode node)
    {
        if (node.Kind == YamlKind.Scalar)
            return Named(node, file => reader.ReadPolicies([file]), reader.ReadPolicies);
        var paths = Each(node, Text);
        return FromFile(node, () => reader.ReadPolicies(paths.Select(Beside)));
    }

    private Entities? Entities(YamlNode node, Schema? schema)
        => node.Kind == YamlKind.Scalar
            ? Named(node, file => reader.ReadEntities(file, schema), null)
            : YamlJson.ReadEntities(
                node, source, json => schema is null ? Cedar.Entities.ParseJson(json) : schema.ParseEntities(json), found);

    // A value with a line end, or that ends as Cedar texts do, is the text itself. Other values are paths.
    private T? Named<T>(YamlNode node, Func<string, T?> fromFile, Func<string, string, T?>? fromText)
        where T : class
    {
        if (Text(node) is not { } text)
            return null;
        var isInline = text.Contains('\n', StringComparison.Ordinal) || text.TrimEnd().EndsWith(';') || text.TrimEnd().EndsWith('}');
        if (!isInline || fromText is null)
            return FromFile(node, () => fromFile(Beside(text)));
        return node.IsBlock ? fromText(InPlace(node.Span), path) : fromText(text, $"{path}, line {source.Locate(node.Span.Start).Line}");
    }

    // Returns a block with blanks in place of the text before it, so that diagnostics have the lines and columns of the file.
    private string InPlace(SourceSpan block)
    {
        var text = source.Text.AsSpan(0, Math.Min(block.End, source.Text.Length)).ToArray();
        var begin = Math.Max(block.Start, Array.IndexOf(text, '\n', block.Start));
        foreach (ref var character in text.AsSpan(0, begin))
            character = character == '\n' ? '\n' : ' ';
        return new string(text);
    }

    // Reports a file that cannot be read at the place that names it.
    private T? FromFile<T>(YamlNode node, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is UsageException or ArgumentException)
        {
            return Error<T>(PlaceOf(node), exception.Message);
        }
    }

    private string Beside(string named) => Path.Combine(Path.GetDirectoryName(path) ?? "", named);

    private TemplateLink? Link(YamlNode node)
    {
        if (!Has(node, LinkFields, "a link"))
            return null;
        var template = Required(node, "template", Text);
        var id = Required(node, "id", Text);
        var principal = node["principal"] is { } principalNode ? Uid(principalNode) : null;
        var resource = node["resource"] is { } resourceNode ? Uid(resourceNode) : null;
        return template is null || id is null ? null : new TemplateLink(template, id, principal, resource);
    }

    private PolicyTest? Test(YamlNode node, Schema? schema)
    {
        if (!Has(node, TestFields, "a test"))
            return null;
        var principal = Required(node, "principal", Uid);
        var action = Required(node, "action", Uid);
        var resource = Required(node, "resource", Uid);
        var expected = Required(node, "expect", Expected);
        var name = node["name"] is { } given ? Text(given) : $"{principal} {action} {resource}";
        var context = action is null ? null : Context(node, action, schema);
        if (principal is null || action is null || resource is null || expected is null || context is null || name is null)
            return null;
        var request = new Request(principal, action, resource, context);
        if (schema is not null)
            found.AddRange(Validator.Validate(request, schema).Errors.Select(Here));
        var line = source.Locate(PlaceOf(node).Start).Line;
        return new PolicyTest(name, line, request, expected == "allow", Ids(node["reasons"]), Ids(node["errors"]));

        Diagnostic Here(Diagnostic error) => Diagnostic.At(source, PlaceOf(node), error.Code, error.Message, error.Help);
    }

    private CedarRecord? Context(YamlNode test, EntityUid action, Schema? schema)
    {
        var node = test["context"] ?? new YamlNode(YamlKind.Mapping, PlaceOf(test));
        return YamlJson.Read(node, source, json => schema is null ? CedarRecord.ParseJson(json) : schema.ParseContext(action, json), found);
    }

    private string? Expected(YamlNode node)
        => node is { Kind: YamlKind.Scalar, Text: "allow" or "deny" } ? node.Text : Error<string>(node.Span, "`expect` is allow or deny");

    private HashSet<string>? Ids(YamlNode? node) => node is null ? null : [.. Each(node, Text)];

    private string? Text(YamlNode node)
        => node is { Kind: YamlKind.Scalar, Tag: null, Text.Length: > 0 } ? node.Text : Error<string>(node.Span, "a text is expected");

    private EntityUid? Uid(YamlNode node) => YamlJson.ReadUid(node, source, found);

    private T? Required<T>(YamlNode node, string name, Func<YamlNode, T?> read)
        where T : class
        => node[name] is { } value ? read(value) : Error<T>(PlaceOf(node), $"this has no `{name}`");

    private T? Missing<T>(YamlNode root, string name, string example)
        where T : class
        => Error<T>(PlaceOf(root), $"this file has no `{name}`", $"write {example}");

    private List<T> Each<T>(YamlNode list, Func<YamlNode, T?> read)
        where T : class
    {
        if (list.Kind != YamlKind.Sequence)
            Error<T>(PlaceOf(list), "a list is expected");
        return [.. list.Items.Select(read).OfType<T>()];
    }

    private bool Has(YamlNode node, string[] fields, string what)
    {
        if (node.Kind != YamlKind.Mapping)
        {
            Error<object>(node.Span, $"{what} is expected, with the fields {string.Join(", ", fields)}");
            return false;
        }

        foreach (var field in node.Fields.Where(field => !fields.Contains(field.Name)))
        {
            var help = Spelling.Help(field.Name, fields) ?? $"there are {string.Join(", ", fields)}";
            Error<object>(field.Span, $"{what} has no field `{field.Name}`", help);
        }

        return true;
    }

    // The place of a mapping is its first field: the span of the mapping covers all its lines.
    private static SourceSpan PlaceOf(YamlNode node) => node.Fields.Count > 0 ? node.Fields[0].Span : node.Span;

    private T? Error<T>(SourceSpan span, string message, string? help = null)
        where T : class
    {
        found.Add(Diagnostic.At(source, span, SyntaxCodes.InvalidShape, message, help));
        return null;
    }
}
