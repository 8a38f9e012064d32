using Warder.Client.Replicas;
using Warder.Contracts.Keys;
using Warder.Core.Verification;
using DecisionCode = Warder.Contracts.Keys.DecisionCode;
using Reason = Warder.Core.Verification.DecisionCode;

namespace Warder.Client;

/// <summary>
/// The answer to a validation, by a verifier or by the server: a value, never an exception. The default is a denial,
/// <see cref="DecisionCode.Unavailable"/>.
/// </summary>
/// <remarks>
/// Making one allocates nothing. What it holds of the key is read when it is asked for, and then allocates: read it once, and only where
/// it is needed.
/// </remarks>
public readonly record struct KeyDecision
{
    // A verifier's own decision; or, where there is one, the server's answer.
    private readonly Decision own;
    private readonly Validation? answer;

    internal KeyDecision(in Decision own) => this.own = own;

    internal KeyDecision(Validation answer) => this.answer = answer;

    /// <summary>Whether the request may go on.</summary>
    public bool IsAllowed => answer is null ? own.Allow : answer is { Decision: { Allow: true, Code: DecisionCode.Allowed }, ApiKey: not null };

    /// <summary>One of <see cref="DecisionCode"/>: the true reason, which the protected API's own client must not see.</summary>
    public string Code => answer is null ? Decision.NameOf(CheckedReason) : IsConsistent ? answer.Decision.Code : DecisionCode.NotFound;

    /// <summary>The key's id, where one was found; null otherwise.</summary>
    public string? KeyId => answer is null ? DecisionShapes.KeyIdOf(own) : answer.ApiKey?.Id ?? answer.Decision.ApiKeyId;

    /// <summary>Who the key acts for; null when it was denied.</summary>
    public Owner? Owner => Key is { } key ? Owner.Of(key.Owner) : null;

    /// <summary>The organization that owns the key, or in which its owner is a member; null when it was denied.</summary>
    public string? OrganizationId => Owner?.OrganizationId;

    /// <summary>The effective permissions: granted, and still within what the owner may have. Empty when it was denied.</summary>
    public IReadOnlyList<string> Permissions => !IsAllowed ? [] : answer is null ? own.EffectiveSlugs() : answer.ApiKey!.Permissions;

    /// <summary>All that is told of the key; null when it was denied.</summary>
    public ValidatedKey? Key => !IsAllowed ? null : answer is null ? DecisionShapes.KeyOf(own) : answer.ApiKey;

    /// <summary>The reason by which verifiers count.</summary>
    internal Reason Reason => own.Code;

    /// <summary>The same answer as <c>POST /api_keys/validations</c> gives.</summary>
    internal Validation ToValidation()
        => new(Key, new ValidationDecision { Allow = IsAllowed, Code = Code, ApiKeyId = IsAllowed ? null : KeyId });

    // An allow without a key, and an answer that contradicts itself, are denials: they name no good key.
    private Reason CheckedReason => own.Code == Reason.Allowed && !own.Allow ? Reason.Unavailable : own.Code;

    private bool IsConsistent => IsAllowed || answer!.Decision is { Allow: false, Code: not DecisionCode.Allowed };

    /// <summary>Shows the code, and nothing of the key.</summary>
    public override string ToString() => Code;
}
