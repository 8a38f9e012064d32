using Warder.Client.Replicas;
using Warder.Contracts.Keys;
using Warder.Core.Verification;
using DecisionCode = Warder.Contracts.Keys.DecisionCode;
using Reason = Warder.Core.Verification.DecisionCode;

namespace Warder.Client;

/// <summary>
/// The decision of a validation, made by a verifier or by the server: a value, never an exception. The default value is the denial <see
/// cref="DecisionCode.Unavailable"/>.
/// </summary>
/// <remarks>
/// Creating a decision allocates nothing. The properties of the key allocate at each read: read them once, and only where they are needed.
/// </remarks>
public readonly record struct KeyDecision
{
    // The decision of a verifier. It is not used when the server's answer is present.
    private readonly Decision own;
    private readonly Validation? answer;

    internal KeyDecision(in Decision own) => this.own = own;

    internal KeyDecision(Validation answer) => this.answer = answer;

    /// <summary>Whether the request is allowed.</summary>
    public bool IsAllowed
        => answer is null ? own.Allow : answer is { Decision: { Allow: true, Code: DecisionCode.Allowed }, ApiKey: not null };

    /// <summary>One of <see cref="DecisionCode"/>: the true reason, which must not be shown to the client of the protected API.</summary>
    public string Code => answer is null ? Decision.NameOf(CheckedReason) : IsConsistent ? answer.Decision.Code : DecisionCode.NotFound;

    /// <summary>The id of the key that was found; null when no key was found.</summary>
    public string? KeyId => answer is null ? DecisionShapes.KeyIdOf(own) : answer.ApiKey?.Id ?? answer.Decision.ApiKeyId;

    /// <summary>The owner of the key; null when the request was denied.</summary>
    public Owner? Owner => Key is { } key ? Owner.Of(key.Owner) : null;

    /// <summary>The organization that owns the key, or in which the owner is a member; null when the request was denied.</summary>
    public string? OrganizationId => Owner?.OrganizationId;

    /// <summary>The effective permissions: granted, and still within the owner's permissions. Empty when the request was denied.</summary>
    public IReadOnlyList<string> Permissions => !IsAllowed ? [] : answer is null ? own.EffectiveSlugs() : answer.ApiKey!.Permissions;

    /// <summary>The key as a validation shows it; null when the request was denied.</summary>
    public ValidatedKey? Key => !IsAllowed ? null : answer is null ? DecisionShapes.KeyOf(own) : answer.ApiKey;

    /// <summary>The reason under which a verifier counts the decision.</summary>
    internal Reason Reason => own.Code;

    /// <summary>Converts the decision to the answer that <c>POST /api_keys/validations</c> gives.</summary>
    internal Validation ToValidation()
        => new(Key, new ValidationDecision { Allow = IsAllowed, Code = Code, ApiKeyId = IsAllowed ? null : KeyId });

    // An allow without a key, and an answer that contradicts itself, count as denials: neither names a valid key.
    private Reason CheckedReason => own.Code == Reason.Allowed && !own.Allow ? Reason.Unavailable : own.Code;

    private bool IsConsistent => IsAllowed || answer!.Decision is { Allow: false, Code: not DecisionCode.Allowed };

    /// <summary>Returns the code, and nothing about the key.</summary>
    public override string ToString() => Code;
}
