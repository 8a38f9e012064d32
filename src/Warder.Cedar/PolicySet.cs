using Warder.Cedar.Diagnostics;
using Warder.Cedar.Indexing;
using Warder.Cedar.Json;
using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar;

/// <summary>The source of the ids of parsed policies.</summary>
public enum PolicyNaming
{
    /// <summary><c>policy0</c>, <c>policy1</c> and so on in the order of the text. Templates count too.</summary>
    ByPosition,

    /// <summary>The value of the annotation <c>@id("…")</c>; for a policy without the annotation, its position.</summary>
    ByIdAnnotation,
}

/// <summary>
/// A set of policies and templates. Immutable and thread-safe. The set indexes its policies by their scopes, so that policies that cannot
/// apply to a request cost it nothing. The first decision builds the index, which takes longer with more policies;
/// <see cref="Prepare"/> builds it beforehand. (Cedar documentation: "Policies".)
/// </summary>
public sealed class PolicySet
{
    private readonly Dictionary<string, Policy> _policies;
    private readonly Dictionary<string, PolicyTemplate> _templates;
    private PolicyIndex? _index;

    private PolicySet(Dictionary<string, Policy> policies, Dictionary<string, PolicyTemplate> templates)
        => (_policies, _templates) = (policies, templates);

    /// <summary>The set without policies. It denies every request.</summary>
    public static PolicySet Empty { get; } = new([], []);

    /// <summary>The static and linked policies, in the order in which they were added.</summary>
    public IReadOnlyCollection<Policy> Policies => _policies.Values;

    /// <summary>The templates, in the order in which they were added.</summary>
    public IReadOnlyCollection<PolicyTemplate> Templates => _templates.Values;

    // A race is harmless: two threads that build the index at once build equal indexes.
    internal PolicyIndex Index => _index ??= PolicyIndex.Of(_policies.Values);

    /// <summary>
    /// Parses policies and templates. The errors are syntax errors, expressions nested deeper than <see cref="Limits.Depth"/>, and
    /// duplicate ids. Up to <see cref="Limits.Errors"/> errors are reported, each with its position.
    /// </summary>
    /// <param name="text">The policies, one after another.</param>
    /// <param name="file">The name of the text in error messages.</param>
    /// <param name="naming">The source of the policy ids.</param>
    /// <param name="limits">The bounds on the input.</param>
    public static Parsed<PolicySet> Parse(
        string text, string? file = null, PolicyNaming naming = PolicyNaming.ByPosition, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var source = new SourceText(text, file);
        var (policies, errors) = PolicyParser.ParseAll(source, limits ?? Limits.Default);
        if (errors.Count > 0)
            return new Parsed<PolicySet>(errors);
        return Empty.With(
        [
            .. policies.Select((policy, position)
                => ((naming == PolicyNaming.ByIdAnnotation ? IdOf(policy) : null) ?? $"policy{position}", policy)),
        ]);
    }

    /// <summary>
    /// Parses the JSON form of a policy set: <c>{"staticPolicies": {"id": {…}}, "templates": {"id": {…}}, "templateLinks":
    /// [{"templateId": …, "newId": …, "values": {"?principal": {"type": …, "id": …}}}]}</c>. Each member is optional. (Cedar
    /// documentation: "JSON policy format".) Each syntax error has its position in the text. The errors of
    /// <see cref="With(IEnumerable{ValueTuple{string, PolicySyntax}})"/> and <see cref="Link"/> are reported too.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">The name of the document in error messages.</param>
    /// <param name="limits">The bounds on the input.</param>
    public static Parsed<PolicySet> ParseJson(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PolicyReader.ReadSet(new SourceText(json, file), limits ?? Limits.Default);
    }

    /// <summary>Builds the index of the set, so that the first decision need not.</summary>
    /// <returns>The same set.</returns>
    public PolicySet Prepare()
    {
        _ = Index;
        return this;
    }

    /// <summary>Formats the set as JSON, including its links.</summary>
    public string ToJson() => PolicyWriter.Of(this);

    /// <summary>Finds a policy by its id.</summary>
    /// <returns>The policy; null when the set has no policy with this id.</returns>
    public Policy? FindPolicy(string id) => _policies.GetValueOrDefault(id);

    /// <summary>Finds a template by its id.</summary>
    /// <returns>The template; null when the set has no template with this id.</returns>
    public PolicyTemplate? FindTemplate(string id) => _templates.GetValueOrDefault(id);

    /// <summary>Creates a set with one more policy or template. The call fails when the id is in use.</summary>
    public Parsed<PolicySet> With(string id, PolicySyntax policy) => With([(id, policy)]);

    /// <summary>
    /// Creates a set with more policies or templates. The call fails when an id is in use, or when an expression is nested deeper than
    /// <see cref="Limits.Depth"/>.
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
                return Failed(
                    policy, SyntaxCodes.LimitExceeded, $"expressions may be nested at most {Limits.Depth} deep", id);
            if (policy.IsTemplate)
                templates.Add(id, new PolicyTemplate(id, policy));
            else
                statics.Add(id, new Policy(id, policy));
        }

        return new Parsed<PolicySet>(new PolicySet(statics, templates));
    }

    /// <summary>
    /// Creates a set with policies that are linked from its templates. The call fails when a template does not exist or an id is in use.
    /// It also fails when a link leaves a slot empty or fills a slot that the template does not have.
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
                return Failed(
                    template.Syntax, SyntaxCodes.InvalidSlot, "a link must fill exactly the slots of its template", link.PolicyId);
            if (_templates.ContainsKey(link.PolicyId)
                || !policies.TryAdd(link.PolicyId, new Policy(link.PolicyId, template, link.Principal, link.Resource)))
                return Failed(
                    template.Syntax, SyntaxCodes.Duplicate, $"there is another policy or template with the id `{link.PolicyId}`",
                    link.PolicyId);
        }

        return new Parsed<PolicySet>(new PolicySet(policies, _templates));
    }

    /// <summary>
    /// Formats the templates, then the policies, in policy syntax. Policy syntax has no links, so a linked policy is written as a static
    /// policy.
    /// </summary>
    public override string ToString()
        => string.Join("\n\n", _templates.Values.Select(it => it.ToString()).Concat(_policies.Values.Select(it => it.ToString())));

    private static string? IdOf(PolicySyntax policy) => policy.Annotations.FirstOrDefault(annotation => annotation.Name == "id")?.Value;

    private static Parsed<PolicySet> Failed(PolicySyntax? policy, string code, string message, string id, string? help = null)
    {
        var error = policy?.Source is { } source
            ? Diagnostic.At(source, policy.Span, code, message, help) with { PolicyId = id }
            : new Diagnostic { Code = code, Message = message, Help = help, PolicyId = id };
        return new Parsed<PolicySet>([error]);
    }
}
