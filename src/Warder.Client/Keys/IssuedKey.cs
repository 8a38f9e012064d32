using Warder.Contracts.Keys;
using Warder.Core.Secrets;

namespace Warder.Client.Keys;

/// <summary>A key with its new secret. Warder shows the secret only in this answer.</summary>
/// <param name="Key">The key; its <see cref="ApiKey.Value"/> is null.</param>
/// <param name="Value">The secret.</param>
public sealed record IssuedKey(ApiKey Key, SecretString Value)
{
    internal static IssuedKey From(ApiKey answer) => new(
        answer with { Value = null },
        new SecretString(answer.Value ?? throw new WarderException(200, WarderException.UnexpectedAnswer, "The answer shows no secret.")));
}

/// <summary>One validation of a batch.</summary>
/// <param name="Value">The presented key.</param>
/// <param name="Permissions">The effective permissions that the key must have, all of them; null: none.</param>
/// <param name="AtLeast">The sequence number of an event that the decision's state must include; null: no event is required.</param>
public sealed record PresentedKey(SecretString Value, IReadOnlyList<string>? Permissions = null, long? AtLeast = null);
