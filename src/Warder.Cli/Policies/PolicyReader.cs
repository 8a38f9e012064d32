using System.Globalization;
using System.Text.Json;
using Warder.Cedar;
using Warder.Cedar.Diagnostics;
using Warder.Cedar.Schemas;
using Warder.Cedar.Syntax;
using Warder.Cedar.Values;
using Warder.Cli.Shells;

namespace Warder.Cli.Policies;

/// <summary>Reads policies, schemas and entities, and collects their diagnostics. A file named <c>*.json</c> is JSON.</summary>
/// <remarks>One run, one caller.</remarks>
internal sealed class PolicyReader(Shell shell)
{
    private readonly List<Diagnostic> diagnostics = [];

    /// <summary>The errors and warnings of all inputs, in the order of reading.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => diagnostics;

    /// <summary>Whether there is an error among the diagnostics.</summary>
    public bool HasErrors => diagnostics.Exists(diagnostic => diagnostic.Severity == Severity.Error);

    /// <summary>Adds diagnostics of a validation.</summary>
    public void Report(params IEnumerable<Diagnostic> found) => diagnostics.AddRange(found);

    /// <summary>
    /// Reads the policies of all files as one set. The annotation <c>@id</c> names a policy. Policies without it are <c>policy0</c> and so
    /// on, numbered across the files.
    /// </summary>
    /// <returns>Null when there is an error.</returns>
    public PolicySet? ReadPolicies(IEnumerable<string> paths)
    {
        var gathered = new Gathered();
        foreach (var path in PolicyPaths.Expand(shell, paths))
            Add(gathered, TextFile.Read(shell, path), path);
        return Set(gathered);
    }

    /// <summary>Reads the policies of a text in Cedar's syntax.</summary>
    /// <returns>Null when there is an error.</returns>
    public PolicySet? ReadPolicies(string text, string file)
    {
        var gathered = new Gathered();
        gathered.AddCounted(Take(PolicySet.Parse(text, file)));
        return Set(gathered);
    }

    /// <summary>Adds links of its templates to a set.</summary>
    /// <returns>Null when there is an error.</returns>
    public PolicySet? Link(PolicySet policies, IEnumerable<TemplateLink> links) => Take(policies.Link(links));

    /// <summary>Reads a schema.</summary>
    /// <returns>Null when there is an error.</returns>
    public Schema? ReadSchema(string path)
        => IsJson(path) ? Take(Schema.ParseJson(TextFile.Read(shell, path), path)) : ReadSchema(TextFile.Read(shell, path), path);

    /// <summary>Reads the schema of a text in Cedar's syntax.</summary>
    /// <returns>Null when there is an error.</returns>
    public Schema? ReadSchema(string text, string file) => Take(Schema.Parse(text, file));

    /// <summary>Reads entities, and validates them if there is a schema.</summary>
    /// <returns>Null when there is an error.</returns>
    public Entities? ReadEntities(string path, Schema? schema)
    {
        var json = TextFile.Read(shell, path);
        return Take(schema is null ? Entities.ParseJson(json, path) : schema.ParseEntities(json, path));
    }

    /// <summary>Reads a context, and validates it if there is a schema.</summary>
    /// <returns>Null when there is an error.</returns>
    public CedarRecord? ReadContext(string json, string file, EntityUid action, Schema? schema)
        => Take(schema is null ? CedarRecord.ParseJson(json, file) : schema.ParseContext(action, json, file));

    private static bool IsJson(string file) => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private T? Take<T>(Parsed<T> parsed)
        where T : class
    {
        diagnostics.AddRange(parsed.Diagnostics);
        return parsed.Value;
    }

    private void Add(Gathered gathered, string text, string file)
    {
        if (!IsJson(file))
            gathered.AddCounted(Take(PolicySet.Parse(text, file)));
        else if (IsSinglePolicy(text))
            gathered.AddOne(Take(PolicySyntax.ParseJson(text, file)));
        else
            gathered.AddNamed(Take(PolicySet.ParseJson(text, file)));
    }

    private PolicySet? Set(Gathered gathered)
        => !gathered.IsWhole ? null : Take(PolicySet.Empty.With(gathered.Policies)) is { } set ? Link(set, gathered.Links) : null;

    // Only a single policy has the member `effect`.
    private static bool IsSinglePolicy(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4 * Limits.Depth });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("effect", out _);
        }
        catch (JsonException)
        {
            // Cedar's reader reports the error with its place.
            return false;
        }
    }

    /// <summary>Collects the policies of several files.</summary>
    private sealed class Gathered
    {
        public List<(string Id, PolicySyntax Policy)> Policies { get; } = [];

        public List<TemplateLink> Links { get; } = [];

        /// <summary>Whether every file could be read.</summary>
        public bool IsWhole { get; private set; } = true;

        public void AddCounted(PolicySet? set)
        {
            if (!Record(set))
                return;
            var before = Policies.Count;
            Policies.AddRange(set!.Policies.Select(policy => (policy.Id, policy.Syntax))
                .Concat(set.Templates.Select(template => (template.Id, template.Syntax)))
                .Select(it => (Position: int.Parse(it.Id.AsSpan("policy".Length), CultureInfo.InvariantCulture), it.Syntax))
                .OrderBy(it => it.Position)
                .Select(it => (NameOf(it.Syntax) ?? $"policy{before + it.Position}", it.Syntax)));
        }

        public void AddOne(PolicySyntax? policy)
        {
            if (Record(policy))
                Policies.Add((NameOf(policy!) ?? $"policy{Policies.Count}", policy!));
        }

        public void AddNamed(PolicySet? set)
        {
            if (!Record(set))
                return;
            Policies.AddRange(set!.Templates.Select(template => (template.Id, template.Syntax)));
            Policies.AddRange(set.Policies.Where(policy => policy.TemplateId is null).Select(policy => (policy.Id, policy.Syntax)));
            Links.AddRange(set.Policies.Where(policy => policy.TemplateId is not null)
                .Select(policy => new TemplateLink(policy.TemplateId!, policy.Id, policy.PrincipalLink, policy.ResourceLink)));
        }

        private bool Record(object? read) => (IsWhole &= read is not null) && read is not null;

        private static string? NameOf(PolicySyntax policy)
            => policy.Annotations.FirstOrDefault(annotation => annotation.Name == "id")?.Value;
    }
}
