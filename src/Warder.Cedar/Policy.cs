using Warder.Cedar.Syntax;

namespace Warder.Cedar;

/// <summary>
/// A policy in a set: one that stands there as it is (static), or a template whose slots are filled (linked). Immutable. (Cedar
/// documentation: "Policies", "Policy templates".)
/// </summary>
public sealed class Policy
{
    internal Policy(string id, PolicySyntax syntax)
    {
        (Id, Syntax) = (id, syntax);
        (Principal, Resource) = (syntax.Principal, syntax.Resource);
    }

    internal Policy(string id, PolicyTemplate template, EntityUid? principal, EntityUid? resource)
    {
        (Id, Syntax, TemplateId) = (id, template.Syntax, template.Id);
        (PrincipalLink, ResourceLink) = (principal, resource);
        Principal = Fill(Syntax.Principal, principal);
        Resource = Fill(Syntax.Resource, resource);
    }

    /// <summary>What it is called in its set.</summary>
    public string Id { get; }

    /// <summary>How it is written; of a linked policy, how its template is.</summary>
    public PolicySyntax Syntax { get; }

    /// <summary>What it does when it applies.</summary>
    public Effect Effect => Syntax.Effect;

    /// <summary>What is said of it, in the order in which it is said.</summary>
    public IReadOnlyList<Annotation> Annotations => Syntax.Annotations;

    /// <summary>The template that it is a link of; null of a static policy.</summary>
    public string? TemplateId { get; }

    /// <summary>Of a linked policy, what stands for <c>?principal</c>; null when its template has no such slot.</summary>
    public EntityUid? PrincipalLink { get; }

    /// <summary>Of a linked policy, what stands for <c>?resource</c>; null when its template has no such slot.</summary>
    public EntityUid? ResourceLink { get; }

    /// <summary>What its scope says of the principal, without slots.</summary>
    internal EntityScope Principal { get; }

    /// <summary>What its scope says of the resource, without slots.</summary>
    internal EntityScope Resource { get; }

    /// <summary>The value of an annotation; null when there is none of this name, and nothing when there is one without a value.</summary>
    public string? Annotation(string name) => Annotations.FirstOrDefault(annotation => annotation.Name == name) is { } found ? found.Value ?? "" : null;

    /// <summary>As policies are written, with the slots filled.</summary>
    public override string ToString() => (Syntax with { Principal = Principal, Resource = Resource }).ToString();

    private static EntityScope Fill(EntityScope scope, EntityUid? link) => scope.IsSlot ? scope with { Entity = link, IsSlot = false } : scope;
}

/// <summary>A policy with slots. It decides nothing until it is linked. Immutable. (Cedar documentation: "Policy templates".)</summary>
public sealed class PolicyTemplate
{
    internal PolicyTemplate(string id, PolicySyntax syntax) => (Id, Syntax) = (id, syntax);

    /// <summary>What it is called in its set.</summary>
    public string Id { get; }

    /// <summary>How it is written.</summary>
    public PolicySyntax Syntax { get; }

    /// <summary>Whether it has the slot <c>?principal</c>.</summary>
    public bool HasPrincipalSlot => Syntax.Principal.IsSlot;

    /// <summary>Whether it has the slot <c>?resource</c>.</summary>
    public bool HasResourceSlot => Syntax.Resource.IsSlot;

    /// <summary>As templates are written.</summary>
    public override string ToString() => Syntax.ToString();
}

/// <summary>What makes a policy of a template.</summary>
/// <param name="TemplateId">Which template.</param>
/// <param name="PolicyId">What the policy is called; no other policy or template of the set may be.</param>
/// <param name="Principal">What stands for <c>?principal</c>; null when the template has no such slot.</param>
/// <param name="Resource">What stands for <c>?resource</c>; null when the template has no such slot.</param>
public sealed record TemplateLink(string TemplateId, string PolicyId, EntityUid? Principal = null, EntityUid? Resource = null);
