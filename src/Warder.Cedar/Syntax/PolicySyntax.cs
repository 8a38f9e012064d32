using Warder.Cedar.Json;

namespace Warder.Cedar.Syntax;

/// <summary>The effect of a policy when it applies.</summary>
public enum Effect : byte
{
    /// <summary>The policy allows the request, unless a forbid policy applies.</summary>
    Permit,

    /// <summary>The policy denies the request, even if other policies permit it.</summary>
    Forbid,
}

/// <summary>
/// The syntax of a policy or template. Immutable. Two are equal when their syntax is equal, regardless of position. (Cedar
/// documentation: "Basic policy construction".)
/// </summary>
/// <param name="Effect">The effect of the policy when it applies.</param>
/// <param name="Annotations">The annotations, in the order of the text. Names are unique.</param>
/// <param name="Principal">The principal constraint of the scope.</param>
/// <param name="Action">The action constraint of the scope.</param>
/// <param name="Resource">The resource constraint of the scope.</param>
/// <param name="Conditions">The conditions, in the order of the text.</param>
public sealed record PolicySyntax(
    Effect Effect, SyntaxList<Annotation> Annotations, EntityScope Principal, ActionScope Action, EntityScope Resource,
    SyntaxList<Condition> Conditions)
{
    /// <summary>The text that the policy was parsed from; null when it was not parsed from text.</summary>
    public SourceText? Source { get; init; }

    /// <summary>The position in <see cref="Source"/>, including the annotations and the semicolon.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>Whether the policy has slots and is therefore a template.</summary>
    public bool IsTemplate => Principal.IsSlot || Resource.IsSlot;

    /// <inheritdoc/>
    public bool Equals(PolicySyntax? other)
        => other is not null && Effect == other.Effect && Annotations == other.Annotations && Principal == other.Principal
            && Action == other.Action
            && Resource == other.Resource && Conditions == other.Conditions;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Effect, Annotations, Principal, Action, Resource, Conditions);

    /// <summary>
    /// Parses the JSON form of a policy or template: <c>{"effect": "permit", "principal": {"op": "All"}, "action": …, "resource": …,
    /// "conditions": [{"kind": "when", "body": {…}}], "annotations": {…}}</c>. (Cedar documentation: "JSON policy format".) Each error
    /// has its position in the text.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">The name of the document in error messages.</param>
    /// <param name="limits">The bounds on the input.</param>
    public static Parsed<PolicySyntax> ParseJson(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PolicyReader.ReadPolicy(new SourceText(json, file), limits ?? Limits.Default);
    }

    /// <summary>Formats the policy as JSON.</summary>
    public string ToJson() => PolicyWriter.Of(this);

    /// <summary>Formats the policy in policy syntax, in one canonical layout.</summary>
    public override string ToString() => PolicyText.Of(this);
}

/// <summary><c>@name("value")</c>: data for programs that use Cedar. An annotation changes no decision.</summary>
/// <param name="Name">The name: any identifier, including a reserved one.</param>
/// <param name="Value">The value in parentheses; null without parentheses.</param>
public sealed record Annotation(string Name, string? Value);

/// <summary>The kind of a condition.</summary>
public enum ConditionKind : byte
{
    /// <summary>The body must be true.</summary>
    When,

    /// <summary>The body must be false.</summary>
    Unless,
}

/// <summary><c>when { … }</c> or <c>unless { … }</c></summary>
/// <param name="Kind">The kind.</param>
/// <param name="Body">A boolean expression.</param>
public sealed record Condition(ConditionKind Kind, Expression Body)
{
    /// <summary>The position in the text, including the braces.</summary>
    public SourceSpan Span { get; init; }

    /// <inheritdoc/>
    public bool Equals(Condition? other) => other is not null && Kind == other.Kind && Body.Equals(other.Body);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Body);
}

/// <summary>The operator with which a scope constrains a part of the request.</summary>
public enum ScopeOperator : byte
{
    /// <summary>No constraint.</summary>
    Any,

    /// <summary><c>== entity</c></summary>
    Equal,

    /// <summary><c>in entity</c>; for actions also <c>in [entities]</c></summary>
    In,

    /// <summary><c>is Type</c></summary>
    Is,

    /// <summary><c>is Type in entity</c></summary>
    IsIn,
}

/// <summary>The constraint of a scope on the principal or the resource.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Type">The type of <c>is</c>; null without <c>is</c>.</param>
/// <param name="Entity">The entity of <c>==</c> or <c>in</c>; null without these operators, and for a slot.</param>
/// <param name="IsSlot">Whether the constraint has a slot in place of an entity: <c>?principal</c> or <c>?resource</c>.</param>
public sealed record EntityScope(ScopeOperator Operator, EntityTypeName? Type, EntityUid? Entity, bool IsSlot)
{
    /// <summary>The absence of a constraint.</summary>
    public static EntityScope Any { get; } = new(ScopeOperator.Any, null, null, false);

    /// <summary>The position in the text.</summary>
    public SourceSpan Span { get; init; }

    /// <inheritdoc/>
    public bool Equals(EntityScope? other)
        => other is not null && Operator == other.Operator && Type == other.Type && Entity == other.Entity && IsSlot == other.IsSlot;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Operator, Type, Entity, IsSlot);
}

/// <summary>The constraint of a scope on the action.</summary>
/// <param name="Operator"><see cref="ScopeOperator.Any"/>, <see cref="ScopeOperator.Equal"/> or <see cref="ScopeOperator.In"/>.</param>
/// <param name="Entities">
/// One action; any number of actions for <c>in [ … ]</c>; no action for <see cref="ScopeOperator.Any"/>. Brackets around one action have no
/// meaning.
/// </param>
public sealed record ActionScope(ScopeOperator Operator, SyntaxList<EntityUid> Entities)
{
    /// <summary>The absence of a constraint.</summary>
    public static ActionScope Any { get; } = new(ScopeOperator.Any, default);

    /// <summary>The position in the text.</summary>
    public SourceSpan Span { get; init; }

    /// <inheritdoc/>
    public bool Equals(ActionScope? other) => other is not null && Operator == other.Operator && Entities == other.Entities;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Operator, Entities);
}
