using Warder.Cedar.Syntax;

namespace Warder.Cedar;

/// <summary>
/// A policy in a set: a static policy, or a linked policy, which is a template with filled slots. Immutable. (Cedar documentation:
/// "Policies", "Policy templates".)
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

    /// <summary>The id of the policy in its set.</summary>
    public string Id { get; }

    /// <summary>The syntax of the policy; for a linked policy, the syntax of its template.</summary>
    public PolicySyntax Syntax { get; }

    /// <summary>The effect of the policy when it applies.</summary>
    public Effect Effect => Syntax.Effect;

    /// <summary>The annotations, in the order of the text.</summary>
    public IReadOnlyList<Annotation> Annotations => Syntax.Annotations;

    /// <summary>The id of the template of a linked policy; null for a static policy.</summary>
    public string? TemplateId { get; }

    /// <summary>The entity that a linked policy puts in the slot <c>?principal</c>; null when the template has no such slot.</summary>
    public EntityUid? PrincipalLink { get; }

    /// <summary>The entity that a linked policy puts in the slot <c>?resource</c>; null when the template has no such slot.</summary>
    public EntityUid? ResourceLink { get; }

    /// <summary>The principal constraint of the scope, with its slot filled.</summary>
    internal EntityScope Principal { get; }

    /// <summary>The resource constraint of the scope, with its slot filled.</summary>
    internal EntityScope Resource { get; }

    /// <summary>Finds the value of an annotation.</summary>
    /// <returns>The value; empty when the annotation has no value; null when the policy has no annotation with this name.</returns>
    public string? Annotation(string name)
        => Annotations.FirstOrDefault(annotation => annotation.Name == name) is { } found ? found.Value ?? "" : null;

    /// <summary>Formats the policy in policy syntax, with filled slots.</summary>
    public override string ToString() => (Syntax with { Principal = Principal, Resource = Resource }).ToString();

    private static EntityScope Fill(EntityScope scope, EntityUid? link)
        => scope.IsSlot ? scope with { Entity = link, IsSlot = false } : scope;
}

/// <summary>
/// A policy with slots. A template takes no part in decisions until it is linked. Immutable. (Cedar documentation: "Policy templates".)
/// </summary>
public sealed class PolicyTemplate
{
    internal PolicyTemplate(string id, PolicySyntax syntax) => (Id, Syntax) = (id, syntax);

    /// <summary>The id of the template in its set.</summary>
    public string Id { get; }

    /// <summary>The syntax of the template.</summary>
    public PolicySyntax Syntax { get; }

    /// <summary>Whether the template has the slot <c>?principal</c>.</summary>
    public bool HasPrincipalSlot => Syntax.Principal.IsSlot;

    /// <summary>Whether the template has the slot <c>?resource</c>.</summary>
    public bool HasResourceSlot => Syntax.Resource.IsSlot;

    /// <summary>Formats the template in policy syntax.</summary>
    public override string ToString() => Syntax.ToString();
}

/// <summary>The data that links a template: the ids, and the entities for its slots.</summary>
/// <param name="TemplateId">The id of the template.</param>
/// <param name="PolicyId">The id of the linked policy. No other policy or template of the set may have this id.</param>
/// <param name="Principal">The entity for the slot <c>?principal</c>; null when the template has no such slot.</param>
/// <param name="Resource">The entity for the slot <c>?resource</c>; null when the template has no such slot.</param>
public sealed record TemplateLink(string TemplateId, string PolicyId, EntityUid? Principal = null, EntityUid? Resource = null);
