using Warder.Cedar.Diagnostics;
using Warder.Cedar.Indexing;
using Warder.Cedar.Json;
using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar;

/// <summary>How the policies of a text get their ids.</summary>
public enum PolicyNaming
{
    /// <summary><c>policy0</c>, <c>policy1</c> and so on in the order of the text, templates counted.</summary>
    ByPosition,

    /// <summary>What their annotation <c>@id("…")</c> says; those without, by their position.</summary>
    ByIdAnnotation,
}

/// <summary>
/// Policies and templates that decide together. Immutable, and so for any number of threads. It keeps its policies by what their scopes
/// say, so that those that cannot apply to a request cost it nothing. The first decision makes it ready for that, which takes a while with
/// many policies; <see cref="Prepare"/> does it beforehand. (Cedar documentation: "Policies".)
/// </summary>
public sealed class PolicySet
{
    private readonly Dictionary<string, Policy> _policies;
    private readonly Dictionary<string, PolicyTemplate> _templates;
    private PolicyIndex? _index;

    private PolicySet(Dictionary<string, Policy> policies, Dictionary<string, PolicyTemplate> templates) => (_policies, _templates) = (policies, templates);

    /// <summary>The set without policies: it allows nothing.</summary>
    public static PolicySet Empty { get; } = new([], []);

    /// <summary>The policies that decide, static and linked, in the order in which they were added.</summary>
    public IReadOnlyCollection<Policy> Policies => _policies.Values;

    /// <summary>The templates, in the order in which they were added.</summary>
    public IReadOnlyCollection<PolicyTemplate> Templates => _templates.Values;

    // Two threads that need it at once make the same.
    internal PolicyIndex Index => _index ??= PolicyIndex.Of(_policies.Values);

    /// <summary>
    /// Reads policies and templates. Errors: whatever the grammar does not have, expressions that are nested deeper than <see
    /// cref="Limits.Depth"/>, ids that are there twice; up to the bound, all of them, with their places.
    /// </summary>
    /// <param name="text">The policies, one behind the other.</param>
    /// <param name="file">What the text is called in errors.</param>
    /// <param name="naming">How the policies get their ids.</param>
    /// <param name="limits">How much is read.</param>
    public static Parsed<PolicySet> Parse(string text, string? file = null, PolicyNaming naming = PolicyNaming.ByPosition, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new SourceText(text, file);
        var (policies, errors) = PolicyParser.ParseAll(source, limits ?? Limits.Default);
        if (errors.Count > 0)
            return new Parsed<PolicySet>(errors);
        return Empty.With([.. policies.Select((policy, position) => ((naming == PolicyNaming.ByIdAnnotation ? IdOf(policy) : null) ?? $"policy{position}", policy))]);
    }

    /// <summary>
    /// Reads the JSON form of a set: <c>{"staticPolicies": {"id": {…}}, "templates": {"id": {…}}, "templateLinks": [{"templateId": …,
    /// "newId": …, "values": {"?principal": {"type": …, "id": …}}}]}</c>, each part of which may be missing. (Cedar documentation: "JSON
    /// policy format".) Errors have the place in the text; besides those of the form, they are the ones of <see
    /// cref="With(IEnumerable{ValueTuple{string, PolicySyntax}})"/> and <see cref="Link"/>.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">What it is called in errors.</param>
    /// <param name="limits">How much is read.</param>
    public static Parsed<PolicySet> ParseJson(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PolicyReader.ReadSet(new SourceText(json, file), limits ?? Limits.Default);
    }

    /// <summary>Makes the set ready to decide, so that the first decision need not. Returns the same set.</summary>
    public PolicySet Prepare()
    {
        _ = Index;
        return this;
    }

    /// <summary>The JSON form of the set, with its links.</summary>
    public string ToJson() => PolicyWriter.Of(this);

    /// <summary>The policy of this id; null when there is none.</summary>
    public Policy? FindPolicy(string id) => _policies.GetValueOrDefault(id);

    /// <summary>The template of this id; null when there is none.</summary>
    public PolicyTemplate? FindTemplate(string id) => _templates.GetValueOrDefault(id);

    /// <summary>This set, and in it another policy or template. Error: its id is taken.</summary>
    public Parsed<PolicySet> With(string id, PolicySyntax policy) => With([(id, policy)]);

    /// <summary>
    /// This set, and in it other policies or templates, by their ids. Errors: an id is taken; an expression is nested deeper than <see
    /// cref="Limits.Depth"/>.
    /// </summary>
    public Parsed<PolicySet> With(IEnumerable<(string Id, PolicySyntax Policy)> policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        var (statics, templates) = (new Dictionary<string, Policy>(_policies), new Dictionary<string, PolicyTemplate>(_templates));
        if (policies.TryGetNonEnumeratedCount(out var count))
            statics.EnsureCapacity(statics.Count + count);
        foreach (var (id, policy) in policies)
        {
            if (statics.ContainsKey(id) || templates.ContainsKey(id))
                return Failed(policy, SyntaxCodes.Duplicate, $"there is another policy or template with the id `{id}`", id);
            if (policy.Conditions.Any(condition => condition.Body.Depth > Limits.Depth))
                return Failed(policy, SyntaxCodes.LimitExceeded, $"expressions may be nested {Limits.Depth} deep, and one of these is deeper", id);
            if (policy.IsTemplate)
                templates.Add(id, new PolicyTemplate(id, policy));
            else
                statics.Add(id, new Policy(id, policy));
        }

        return new Parsed<PolicySet>(new PolicySet(statics, templates));
    }

    /// <summary>
    /// This set, and in it policies that are made of its templates. Errors: there is no such template; a slot is not filled, or one is that
    /// the template does not have; an id is taken.
    /// </summary>
    public Parsed<PolicySet> Link(params IEnumerable<TemplateLink> links)
    {
        ArgumentNullException.ThrowIfNull(links);
        var policies = new Dictionary<string, Policy>(_policies);
        foreach (var link in links)
        {
            if (FindTemplate(link.TemplateId) is not { } template)
            {
                var help = Spelling.Help(link.TemplateId, _templates.Keys);
                return Failed(null, SyntaxCodes.UnknownName, $"there is no template with the id `{link.TemplateId}`", link.PolicyId, help);
            }

            if (template.HasPrincipalSlot != link.Principal is not null || template.HasResourceSlot != link.Resource is not null)
                return Failed(template.Syntax, SyntaxCodes.InvalidSlot, "a link fills the slots that its template has, and no others", link.PolicyId);
            if (_templates.ContainsKey(link.PolicyId) || !policies.TryAdd(link.PolicyId, new Policy(link.PolicyId, template, link.Principal, link.Resource)))
                return Failed(template.Syntax, SyntaxCodes.Duplicate, $"there is another policy or template with the id `{link.PolicyId}`", link.PolicyId);
        }

        return new Parsed<PolicySet>(new PolicySet(policies, _templates));
    }

    /// <summary>
    /// The policies and templates as text, one behind the other; links, which text cannot say, as the policies that they are.
    /// </summary>
    public override string ToString() => string.Join("\n\n", _templates.Values.Select(it => it.ToString()).Concat(_policies.Values.Select(it => it.ToString())));

    private static string? IdOf(PolicySyntax policy) => policy.Annotations.FirstOrDefault(annotation => annotation.Name == "id")?.Value;

    private static Parsed<PolicySet> Failed(PolicySyntax? policy, string code, string message, string id, string? help = null)
    {
        var error = policy?.Source is { } source
            ? Diagnostic.At(source, policy.Span, code, message, help) with { PolicyId = id }
            : new Diagnostic { Code = code, Message = message, Help = help, PolicyId = id };
        return new Parsed<PolicySet>([error]);
    }
}
