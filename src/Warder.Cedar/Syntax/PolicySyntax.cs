using Warder.Cedar.Json;

namespace Warder.Cedar.Syntax;

/// <summary>What a policy does when it applies.</summary>
public enum Effect : byte
{
    /// <summary>It allows what no other policy forbids.</summary>
    Permit,

    /// <summary>It forbids, whatever others permit.</summary>
    Forbid,
}

/// <summary>
/// A policy or a template, as it is written. Immutable; two are equal when they are written alike, wherever they stand. (Cedar
/// documentation: "Basic policy construction".)
/// </summary>
/// <param name="Effect">What it does when it applies.</param>
/// <param name="Annotations">What is said of it, in the order in which it is said; no name twice.</param>
/// <param name="Principal">Whom it is about.</param>
/// <param name="Action">What they do.</param>
/// <param name="Resource">With what they do it.</param>
/// <param name="Conditions">What must hold besides, in its order.</param>
public sealed record PolicySyntax(
    Effect Effect, SyntaxList<Annotation> Annotations, EntityScope Principal, ActionScope Action, EntityScope Resource, SyntaxList<Condition> Conditions)
{
    /// <summary>The text that it was read from; null when it was not read from text.</summary>
    public SourceText? Source { get; init; }

    /// <summary>Where it stands there, with its annotations and the semicolon.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>Whether it has slots, and so is a template.</summary>
    public bool IsTemplate => Principal.IsSlot || Resource.IsSlot;

    /// <inheritdoc/>
    public bool Equals(PolicySyntax? other)
        => other is not null && Effect == other.Effect && Annotations == other.Annotations && Principal == other.Principal && Action == other.Action
            && Resource == other.Resource && Conditions == other.Conditions;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Effect, Annotations, Principal, Action, Resource, Conditions);

    /// <summary>
    /// Reads the JSON form of a policy or a template: <c>{"effect": "permit", "principal": {"op": "All"}, "action": …, "resource": …,
    /// "conditions": [{"kind": "when", "body": {…}}], "annotations": {…}}</c>. (Cedar documentation: "JSON policy format".) Errors have the
    /// place in the text.
    /// </summary>
    /// <param name="json">The document.</param>
    /// <param name="file">What it is called in errors.</param>
    /// <param name="limits">How much is read.</param>
    public static Parsed<PolicySyntax> ParseJson(string json, string? file = null, Limits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return PolicyReader.ReadPolicy(new SourceText(json, file), limits ?? Limits.Default);
    }

    /// <summary>The JSON form.</summary>
    public string ToJson() => PolicyWriter.Of(this);

    /// <summary>As policies are written, in one layout.</summary>
    public override string ToString() => PolicyText.Of(this);
}

/// <summary><c>@name("value")</c>: something for programs around Cedar. It changes no decision.</summary>
/// <param name="Name">Any word, also a reserved one.</param>
/// <param name="Value">What stands in parentheses; null when nothing does.</param>
public sealed record Annotation(string Name, string? Value);

/// <summary>Whether a condition must hold or must not.</summary>
public enum ConditionKind : byte
{
    /// <summary>It must be true.</summary>
    When,

    /// <summary>It must be false.</summary>
    Unless,
}

/// <summary><c>when { … }</c> or <c>unless { … }</c></summary>
/// <param name="Kind">Which of both.</param>
/// <param name="Body">A boolean.</param>
public sealed record Condition(ConditionKind Kind, Expression Body)
{
    /// <summary>Where it stands in the text, with its braces.</summary>
    public SourceSpan Span { get; init; }

    /// <inheritdoc/>
    public bool Equals(Condition? other) => other is not null && Kind == other.Kind && Body.Equals(other.Body);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Body);
}

/// <summary>How a scope restricts a part of the request.</summary>
public enum ScopeOperator : byte
{
    /// <summary>Not at all.</summary>
    Any,

    /// <summary><c>== entity</c></summary>
    Equal,

    /// <summary><c>in entity</c>, of actions also <c>in [entities]</c></summary>
    In,

    /// <summary><c>is Type</c></summary>
    Is,

    /// <summary><c>is Type in entity</c></summary>
    IsIn,
}

/// <summary>What a scope says of the principal or the resource.</summary>
/// <param name="Operator">How it restricts.</param>
/// <param name="Type">With <c>is</c>, the type; else null.</param>
/// <param name="Entity">With <c>==</c> and <c>in</c>, the entity; null without them, and when the slot stands there.</param>
/// <param name="IsSlot">Whether, in place of an entity, the template's slot stands there: <c>?principal</c> or <c>?resource</c>.</param>
public sealed record EntityScope(ScopeOperator Operator, EntityTypeName? Type, EntityUid? Entity, bool IsSlot)
{
    /// <summary>No restriction.</summary>
    public static EntityScope Any { get; } = new(ScopeOperator.Any, null, null, false);

    /// <summary>Where it stands in the text.</summary>
    public SourceSpan Span { get; init; }

    /// <inheritdoc/>
    public bool Equals(EntityScope? other)
        => other is not null && Operator == other.Operator && Type == other.Type && Entity == other.Entity && IsSlot == other.IsSlot;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Operator, Type, Entity, IsSlot);
}

/// <summary>What a scope says of the action.</summary>
/// <param name="Operator"><see cref="ScopeOperator.Any"/>, <see cref="ScopeOperator.Equal"/> or <see cref="ScopeOperator.In"/>.</param>
/// <param name="Entities">
/// One action, or with <c>in [ … ]</c> any number; none with <see cref="ScopeOperator.Any"/>. Brackets around one mean nothing.
/// </param>
public sealed record ActionScope(ScopeOperator Operator, SyntaxList<EntityUid> Entities)
{
    /// <summary>No restriction.</summary>
    public static ActionScope Any { get; } = new(ScopeOperator.Any, default);

    /// <summary>Where it stands in the text.</summary>
    public SourceSpan Span { get; init; }

    /// <inheritdoc/>
    public bool Equals(ActionScope? other) => other is not null && Operator == other.Operator && Entities == other.Entities;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Operator, Entities);
}
