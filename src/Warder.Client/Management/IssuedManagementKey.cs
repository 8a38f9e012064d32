using Warder.Contracts.Management;
using Warder.Core.Secrets;

namespace Warder.Client.Management;

/// <summary>A management key with its new secret. Warder shows the secret only in this answer.</summary>
/// <param name="Key">The key; its <see cref="ManagementKey.Value"/> is null.</param>
/// <param name="Value">The secret.</param>
public sealed record IssuedManagementKey(ManagementKey Key, SecretString Value)
{
    internal static IssuedManagementKey From(ManagementKey answer) => new(
        answer with { Value = null },
        new SecretString(answer.Value ?? throw new WarderException(200, WarderException.UnexpectedAnswer, "The answer shows no secret.")));
}

/// <summary>A new environment with its first management key.</summary>
/// <param name="Environment">The environment; its <see cref="WarderEnvironment.ManagementKey"/> is null.</param>
/// <param name="ManagementKey">Its first management key.</param>
public sealed record CreatedEnvironment(WarderEnvironment Environment, IssuedManagementKey ManagementKey)
{
    internal static CreatedEnvironment From(WarderEnvironment answer) => new(
        answer with { ManagementKey = null },
        IssuedManagementKey.From(answer.ManagementKey
            ?? throw new WarderException(200, WarderException.UnexpectedAnswer, "The answer shows no management key.")));
}
