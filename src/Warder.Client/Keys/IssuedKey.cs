using Warder.Contracts.Keys;
using Warder.Core.Secrets;

namespace Warder.Client.Keys;

/// <summary>A key with its new secret, which Warder shows this once.</summary>
/// <param name="Key">The key; its <see cref="ApiKey.Value"/> is null.</param>
/// <param name="Value">The secret.</param>
public sealed record IssuedKey(ApiKey Key, SecretString Value)
{
    internal static IssuedKey From(ApiKey answer) => new(
        answer with { Value = null },
        new SecretString(answer.Value ?? throw new WarderException(200, WarderException.UnexpectedAnswer, "The answer shows no secret.")));
}

/// <summary>One question of a batch.</summary>
/// <param name="Value">What a caller presented.</param>
/// <param name="Permissions">What the key must have, all of it, effectively; null: nothing.</param>
/// <param name="AtLeast">The sequence number of an event: the answer is from a state that includes it; null: none in particular.</param>
public sealed record PresentedKey(SecretString Value, IReadOnlyList<string>? Permissions = null, long? AtLeast = null);
